//! Commands about containers: processes in network namespaces of their own, and the engine that tells of them.

use crate::commands::Answer;
use crate::show;
use crate::world::{World, poll};
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::engine::Engine;

/// An engine, and the containers by the names that the story gives them.
pub struct Containers {
    pub engine: Engine,
    ids: BTreeMap<String, String>,
}

impl Containers {
    pub fn start(socket: &std::path::Path) -> Containers {
        Containers { engine: Engine::start(socket), ids: BTreeMap::new() }
    }
    fn id(&self, name: &str) -> Result<&String, String> {
        self.ids.get(name).ok_or_else(|| format!("there is no container {name}"))
    }
}

const NONE: &str = "there is no container engine; write `start linux containers` first";

/// How often the containers are listed in stories, in case that events are lost.
pub const LIST_EVERY: Duration = Duration::from_millis(300);

/// `run NAME [LABEL]`, `start NAME`, `stop NAME`, …
pub fn container(world: &mut World, text: &str) -> Answer {
    let containers = world.containers.as_mut().ok_or(NONE)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        ["run", name, ref label @ ..] => {
            let id = containers.engine.run(label.first().copied().unwrap_or_default());
            containers.ids.insert(name.to_owned(), id);
        }
        [what, name] => {
            let (engine, id) = (&containers.engine, containers.id(name)?);
            match what {
                "start" => engine.begin(id),
                "stop" => engine.stop(id),
                "kill" => engine.kill(id),
                "restart" => engine.restart(id),
                "remove" => engine.remove(id),
                "pause" => engine.tell("pause", id),
                _ => return Err(format!("a container cannot {what}")),
            }
        }
        _ => {
            return Err(
                "container run NAME [LABEL], or container start|stop|kill|restart|remove|pause NAME".into()
            );
        }
    }
    Ok(Vec::new())
}

/// `stop`, `start`, `lose events`, `tell events`, `hang up`.
pub fn engine(world: &mut World, text: &str) -> Answer {
    let engine = &world.containers.as_ref().ok_or(NONE)?.engine;
    match text {
        "stop" => engine.down(),
        "start" => engine.up(),
        "lose events" => engine.lose_events(true),
        "tell events" => engine.lose_events(false),
        "hang up" => engine.hang_up(),
        _ => return Err("engine stop|start|lose events|tell events|hang up".into()),
    }
    Ok(Vec::new())
}

/// `NAME COMMAND`: a program in a container, or `here`, in the agent's own namespace.
pub fn inside(world: &World, text: &str) -> Answer {
    let said = attempt(world, text).unwrap_or_else(|error| error);
    Ok(said.lines().map(show::of_program).filter(|line| !line.is_empty()).collect())
}

/// `NAME ADDRESS`: one packet, which comes back or does not.
pub fn ping(world: &World, text: &str) -> Answer {
    let answered = once(world, text)?;
    Ok(vec![if answered { "reached" } else { "not reached" }.to_owned()])
}

/// `NAME ADDRESS`: waits until one comes back.
pub fn reach(world: &World, text: &str) -> Answer {
    poll(&format!("reach {text}"), || once(world, text).ok().filter(|answered| *answered))?;
    Ok(Vec::new())
}

fn once(world: &World, text: &str) -> Result<bool, String> {
    let (from, to) = text.split_once(' ').ok_or("from where, and to which address?")?;
    Ok(attempt(world, &format!("{from} ping -n -c 1 -W 1 {to}")).is_ok())
}

fn attempt(world: &World, text: &str) -> Result<String, String> {
    let (name, words) = text.split_once(' ').ok_or("in which container, and which program?")?;
    if name == "here" {
        return world.netns.as_ref().ok_or("write `start linux` first")?.attempt(words);
    }
    let containers = world.containers.as_ref().ok_or(NONE)?;
    containers.engine.attempt(containers.id(name)?, words)
}
