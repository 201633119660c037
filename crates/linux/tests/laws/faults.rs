//! Requests that fail on their way to the kernel, and runs of programs.

use linux::netlink::batch::Answer;
use linux::netlink::{Refusal, Request, name_of};
use linux::netns::{Between, Mishap};
use std::fmt;
use testkit::wire::{Fault, Faults, only_asks};

/// Requests that belong together are one call.
#[derive(Clone, Default)]
pub struct OnTheWay(pub Faults);

impl fmt::Debug for OnTheWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnTheWay")
    }
}

fn name(group: &[Request]) -> &'static str {
    let names = || group.iter().map(|request| name_of(&request.message));
    names().find(|name| !only_asks(name)).or(names().next()).unwrap_or_default()
}

fn lost(count: usize) -> impl Iterator<Item = Answer> {
    std::iter::repeat_n(Err(Refusal::Lost("a test has it".into())), count)
}

impl Between for OnTheWay {
    fn exchange(
        &self,
        groups: &[Vec<Request>],
        kernel: &mut dyn FnMut(&[Vec<Request>]) -> Vec<Answer>,
    ) -> Vec<Answer> {
        let mut kernel =
            |groups: &[Vec<Request>]| if groups.is_empty() { Vec::new() } else { kernel(groups) };
        let struck = groups.iter().enumerate().find_map(|(at, group)| Some((at, self.0.count(name(group))?)));
        let Some((at, fault)) = struck else { return kernel(groups) };
        let (before, rest) = groups.split_at(at);
        match fault {
            Fault::Refuse(retval) => {
                let mut answers = kernel(before);
                answers.push(Err(Refusal::Errno(-retval)));
                // Those were not counted yet.
                answers.extend(if rest.len() > 1 {
                    self.exchange(&rest[1..], &mut kernel)
                } else {
                    Vec::new()
                });
                answers
            }
            // Nothing of what follows is done, either.
            Fault::CutBefore => kernel(before).into_iter().chain(lost(rest.len())).collect(),
            Fault::CutAfter => {
                let told = kernel(groups).into_iter().enumerate();
                let told = told.map(|(i, answer)| match answer {
                    Ok(_) if i >= at => Err(Refusal::Lost("a test has it".into())),
                    answer => answer,
                });
                told.collect()
            }
        }
    }
    fn mishap(&self, program: &'static str) -> Option<Mishap> {
        Some(match self.0.count(program)? {
            Fault::Refuse(_) => Mishap::Refused,
            Fault::CutBefore => Mishap::LostBefore,
            Fault::CutAfter => Mishap::LostAfter,
        })
    }
}
