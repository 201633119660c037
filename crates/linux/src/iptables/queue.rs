//! What is to be done with chains, gathered by namespace: what is queued while programs run is done by the next run.

use super::program::{Failure, Programs};
use super::rule::Mark;
use super::save::Saved;
use super::script::{Script, Task, Written};
use super::{Place, Protocol};
use crate::netlink::Refusal;
use crate::netns::{Mishap, Netns};
use sched::{Error, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Something to do, and who waits for it.
type Waiting = (Task, oneshot::Sender<Result<()>>);

/// The queue of all namespaces.
#[derive(Clone)]
pub(super) struct Queue(Arc<Inner>);

struct Inner {
    /// What marks of this agent begin with.
    ours: String,
    variant: &'static str,
    waiting: Mutex<HashMap<(Netns, Protocol), Vec<Waiting>>>,
}

impl Queue {
    pub fn new(ours: String, variant: &'static str) -> Queue {
        Queue(Arc::new(Inner { ours, variant, waiting: Mutex::default() }))
    }
    pub fn ours(&self) -> &str {
        &self.0.ours
    }
    /// Does something, together with what others want to be done there.
    pub async fn run(&self, netns: &Netns, task: Task) -> Result<()> {
        let (tell, told) = oneshot::channel();
        let at = (netns.clone(), task.place.protocol);
        let lock = || self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        lock().entry(at.clone()).or_default().push((task, tell));
        // What is to be done at the same time is queued before the first of it begins.
        tokio::task::yield_now().await;
        let inner = self.0.clone();
        let gone = |_: Refusal| Error::new("the network namespace is gone");
        let way = netns.way();
        let job = move || {
            let all = inner.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&at);
            let programs = Programs { protocol: at.1, variant: inner.variant };
            let restored = || {
                way.sent.note(RESTORE);
                way.between.as_ref()?.mishap(RESTORE)
            };
            let run = Run { ours: &inner.ours, programs, restored: &restored };
            for batch in batches(all.unwrap_or_default()) {
                let (tasks, tell): (Vec<Task>, Vec<_>) = batch.into_iter().unzip();
                for (tell, done) in tell.into_iter().zip(run.all(&tasks)) {
                    let _ = tell.send(done); // whoever waited may be gone
                }
            }
        };
        netns.run(job).await.map_err(gone)?;
        told.await.unwrap_or_else(|_| Err(Error::new("it was not done")))
    }
    /// All chains that are there.
    pub async fn save(
        &self,
        netns: &Netns,
        protocol: Protocol,
    ) -> std::result::Result<Result<Saved>, Refusal> {
        let programs = Programs { protocol, variant: self.0.variant };
        let text = netns.run(move || programs.save()).await?;
        Ok(text.map(|text| Saved::read(&text)).map_err(|failure| in_words(&Script::default(), failure)))
    }
}

/// The name under which runs are counted that change something.
const RESTORE: &str = "iptables-restore";

/// What can be done at once: of each chain only one thing.
fn batches(all: Vec<Waiting>) -> Vec<Vec<Waiting>> {
    let mut batches: Vec<Vec<Waiting>> = Vec::new();
    let mut batch: HashMap<Place, usize> = HashMap::new();
    for waiting in all {
        let next = batch.get(&waiting.0.place).map_or(0, |last| last + 1);
        batch.insert(waiting.0.place.clone(), next);
        if batches.len() <= next {
            batches.push(Vec::new());
        }
        if let Some(batch) = batches.get_mut(next) {
            batch.push(waiting);
        }
    }
    batches
}

/// One run for tasks of one protocol.
struct Run<'r> {
    ours: &'r str,
    programs: Programs,
    /// To be told of runs that change something; says what is to become of one, if anything is.
    restored: &'r dyn Fn() -> Option<Mishap>,
}

impl Run<'_> {
    fn restore(&self, script: &Script) -> std::result::Result<(), Failure> {
        let said = || "it is to be so".to_owned();
        match (self.restored)() {
            None => self.programs.restore(&script.text),
            Some(Mishap::Refused) => Err(Failure::Refused { program: RESTORE.to_owned(), said: said() }),
            Some(Mishap::LostBefore) => Err(Failure::Late(RESTORE.to_owned())),
            Some(Mishap::LostAfter) => {
                self.programs.restore(&script.text)?;
                Err(Failure::Late(RESTORE.to_owned()))
            }
        }
    }
    /// Does them, each about another chain.
    fn all(&self, tasks: &[Task]) -> Vec<Result<()>> {
        let saved = match self.programs.save() {
            Ok(text) => Saved::read(&text),
            Err(failure) => {
                let error = in_words(&Script::default(), failure);
                return tasks.iter().map(|_| Err(error.clone())).collect();
            }
        };
        let ended: Vec<_> = tasks.iter().map(|task| task.before(self.ours, &saved)).collect();
        let open = tasks.iter().zip(&ended).filter(|(_, ended)| ended.is_none());
        let mut done = self.together(&open.map(|(task, _)| task).collect::<Vec<_>>()).into_iter();
        let end = |ended: Option<std::result::Result<(), String>>| match ended {
            Some(ended) => ended.map_err(Error::new),
            None => done.next().unwrap_or(Ok(())),
        };
        ended.into_iter().map(end).collect()
    }
    fn together(&self, tasks: &[&Task]) -> Vec<Result<()>> {
        if tasks.is_empty() {
            return Vec::new();
        }
        let mut done = self.some(tasks);
        // One that leads to the chain of another may have come before that was there.
        let refused = tasks.iter().copied().zip(&mut done).filter(|(_, done)| done.is_err());
        let (again, places): (Vec<&Task>, Vec<_>) = refused.unzip();
        if again.len() < tasks.len() && !again.is_empty() {
            for (place, done) in places.into_iter().zip(self.some(&again)) {
                *place = done;
            }
        }
        self.look(tasks, &mut done);
        done
    }
    /// If one of them is refused, all of its table are: then half of them, and so on, until it is found.
    fn some(&self, tasks: &[&Task]) -> Vec<Result<()>> {
        let script = Script::doing(self.ours, tasks.iter().copied());
        match self.restore(&script) {
            Ok(()) => tasks.iter().map(|_| Ok(())).collect(),
            Err(Failure::Refused { .. }) if tasks.len() > 1 => {
                let (some, others) = tasks.split_at(tasks.len() / 2);
                let mut done = self.some(some);
                done.extend(self.some(others));
                done
            }
            Err(failure) => {
                let error = in_words(&script, failure);
                tasks.iter().map(|_| Err(error.clone())).collect()
            }
        }
    }
    /// Looks how iptables tells what was written, and notes it down.
    fn look(&self, tasks: &[&Task], done: &mut [Result<()>]) {
        if !tasks.iter().zip(&*done).any(|(task, done)| task.rules.is_some() && done.is_ok()) {
            return;
        }
        let saved = match self.programs.save() {
            Ok(text) => Saved::read(&text),
            Err(failure) => {
                let error = in_words(&Script::default(), failure);
                // What was refused was so for a better reason.
                done.iter_mut().filter(|done| done.is_ok()).for_each(|done| *done = Err(error.clone()));
                return;
            }
        };
        let mut marks: Vec<(usize, &Place, Mark)> = Vec::new();
        for (at, (task, done)) in tasks.iter().zip(&mut *done).enumerate() {
            let Some(rules) = task.rules.as_ref().filter(|_| done.is_ok()) else { continue };
            match Written::look(self.ours, &saved, &task.place, &task.mark, rules) {
                Written::Well => {}
                Written::As(mark) => marks.push((at, &task.place, mark)),
                Written::Not => {
                    let cause = "iptables-restore has no complaint, and yet the chain is not there";
                    *done = Err(Error::new(cause));
                }
            }
        }
        if marks.is_empty() {
            return;
        }
        let script = Script::marking(self.ours, marks.iter().map(|(_, place, mark)| (*place, mark.clone())));
        if let Err(failure) = self.restore(&script) {
            let error = in_words(&script, failure);
            for (at, ..) in marks {
                if let Some(done) = done.get_mut(at) {
                    *done = Err(error.clone());
                }
            }
        }
    }
}

/// A failure of a program, in the scheduler's words.
fn in_words(script: &Script, failure: Failure) -> Error {
    match failure {
        Failure::Missing(program) => Error::new(format!(
            "{program} is not installed; install iptables, on Debian: apt-get install iptables"
        )),
        Failure::Late(program) => {
            Error { uncertain: true, ..Error::new(format!("{program} did not end and was ended")) }
        }
        Failure::Broken(why) => Error::new(why),
        Failure::Refused { program, said } => Error::new(script.complaint(&program, &said)),
    }
}
