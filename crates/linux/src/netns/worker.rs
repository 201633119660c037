//! The thread of a namespace. What is queued while it works goes to the kernel in one datagram.

use super::Way;
use crate::netlink::batch::{Answer, Refusal, Request};
use crate::netlink::socket::Socket;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use tokio::sync::oneshot;

/// Something for the thread to do.
pub(super) enum Job {
    /// Requests that belong together.
    Ask(Vec<Request>, oneshot::Sender<Answer>),
    /// A request for everything of a kind; tells whether the answer was lost.
    Dump(Box<dyn FnOnce(&mut Socket) -> bool + Send>),
    /// Anything else.
    Run(Box<dyn FnOnce() + Send>),
}

/// Requests in one datagram at most.
const MOST: usize = 256;

/// Starts a thread; `inside` is the namespace that it enters. It ends when nobody can give it jobs any more.
///
/// # Errors
/// What the kernel says against it.
pub(super) fn start(inside: Option<File>, way: Way) -> io::Result<mpsc::Sender<Job>> {
    let (jobs, queue) = mpsc::channel();
    let (ready, started) = mpsc::channel();
    std::thread::Builder::new().name("netns".to_owned()).spawn(move || {
        let entered = inside.map_or(Ok(()), |file| {
            Ok(move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))?)
        });
        match entered.and_then(|()| Socket::open()) {
            Ok(socket) => {
                if ready.send(Ok(())).is_ok() {
                    work(socket, &queue, &way);
                }
            }
            Err(error) => drop(ready.send(Err(error))),
        }
    })?;
    let ended = || io::Error::other("the thread ended before it had begun");
    started.recv().unwrap_or_else(|_| Err(ended()))?;
    Ok(jobs)
}

fn work(mut socket: Socket, queue: &mpsc::Receiver<Job>, way: &Way) {
    let mut next = queue.recv().ok();
    while let Some(job) = next.take() {
        if !matches!(job, Job::Run(_)) {
            way.sent.datagrams.fetch_add(1, Ordering::Relaxed);
        }
        match job {
            Job::Ask(requests, tell) => next = ask(&mut socket, (requests, tell), queue, way),
            Job::Dump(ask) => {
                let lost = ask(&mut socket);
                renew_if(&mut socket, lost);
            }
            Job::Run(work) => work(),
        }
        if next.is_none() {
            next = queue.recv().ok();
        }
    }
}

/// Works off requests, with those that are queued already; gives back the first job that is none.
fn ask(
    socket: &mut Socket,
    first: (Vec<Request>, oneshot::Sender<Answer>),
    queue: &mpsc::Receiver<Job>,
    way: &Way,
) -> Option<Job> {
    let mut count = first.0.len();
    let (mut groups, mut tell) = (vec![first.0], vec![first.1]);
    let mut other = None;
    while count < MOST && other.is_none() {
        match queue.try_recv() {
            Ok(Job::Ask(requests, one)) => {
                count += requests.len();
                groups.push(requests);
                tell.push(one);
            }
            Ok(job) => other = Some(job),
            Err(_) => break,
        }
    }
    let answers = match &way.between {
        None => socket.exchange(&groups),
        Some(between) => between.exchange(&groups, &mut |groups| socket.exchange(groups)),
    };
    renew_if(socket, answers.iter().any(|answer| matches!(answer, Err(Refusal::Lost(_)))));
    for (tell, answer) in tell.into_iter().zip(answers) {
        let _ = tell.send(answer); // whoever asked may be gone
    }
    other
}

/// What comes late on a socket that lost something must not be taken for the answer to the next request.
fn renew_if(socket: &mut Socket, lost: bool) {
    if lost && let Ok(another) = Socket::open() {
        *socket = another;
    }
}
