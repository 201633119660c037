//! What a story can do. A command answers with lines.
//!
//! | command | what it does, and what it answers |
//! |---|---|
//! | `start [etcd] [file] [linux [containers] [without-rights]] [remove-foreign]` | starts the agent; without it, it starts plain with the first command |
//! | `stop agent`, `restart agent` | the agent dies, and comes back with its state; answers what is otherwise than before |
//! | `mtu N` | `vpp-ifplugin.conf` names this MTU, from the next start of the agent on |
//! | `restart agent unready` | the same, but not all sources are there; answers nothing |
//! | `restart vpp` | VPP dies and comes back empty; answers what is otherwise than before |
//! | `restart vpp [as RELEASE] [without PLUGIN…]`, `restart vpp whole` | the same, and it is another one from now on |
//! | `put MODEL VALUE` | a value by gRPC, as flow YAML; answers its status and those that changed with it |
//! | `update DOCUMENT`, `apply FILE` | several values in one gRPC request; a file stands under `examples/` |
//! | `delete MODEL NAME` | removes a value by gRPC |
//! | `status [PREFIX]` | all statuses |
//! | `wait STATE KEY` | waits until the key has the state; answers what changed |
//! | `show MODEL` | what VPP has, a line of JSON for each object |
//! | `sent` | messages that changed VPP since the last `sent` or the start of the agent |
//! | `vpp COMMAND` | does something by hand, behind the agent's back; `{NAME}` is what VPP calls our interface, domain or ACL |
//! | `run COMMAND` | a program in the network namespace that the agent takes for its own; answers what it says |
//! | `plug THING` | the machine of VPP gets something: `link NAME`, an interface of Linux; `card pgN`, a network card |
//! | `plug taps` | the TAPs of a simulated VPP get real ends in the agent's own network namespace |
//! | `plug THING` | that only a simulated machine gets: `vmxnet3 ADDRESS`, `rdma NAME` |
//! | `container run NAME [LABEL]` | a container starts, in a network namespace of its own; LABEL makes it a microservice |
//! | `container start\|stop\|kill\|restart\|remove\|pause NAME` | what happens to it |
//! | `engine stop\|start\|lose events\|tell events\|hang up` | what happens to what tells of containers |
//! | `in NAME COMMAND` | a program in the container, or `here`, in the agent's own namespace; answers what it says |
//! | `ping NAME ADDRESS`, `reach NAME ADDRESS` | sends a packet from there; `reach` does until one comes back |
//! | `unroute TABLE NETWORK` | another API client removes all paths of a network |
//! | `resync` | has the agent compare all that is there with what is wanted; answers what it did about it, nothing if all was in sync, and what changed |
//! | `rest METHOD PATH [BODY]` | a REST request |
//! | `agentctl WORDS` | what the command line client shows, its exit code if that is not 0, and what changed |
//! | `save FILE DOCUMENT` | writes a file into the story's directory, for `agentctl` |
//! | `etcd put MODEL VALUE`, `etcd put-key KEY BYTES`, `etcd del MODEL NAME` | changes etcd; waits for the agent |
//! | `etcd fill COUNT MODEL VALUE` | many values: `{hi}` and `{lo}` in the value count from 0.0 to 0.255, 1.0, … |
//! | `etcd stop`, `etcd start` | etcd dies, and comes back with what it had |
//! | `file DOCUMENT` | replaces the watched file |
//! | `fault MESSAGE N RETVAL` | the simulated VPP will refuse the nth message of this name from now on |
//!
//! `$DIR` is a directory of the story's own, `$OTHER` the path of a second network namespace.

use crate::client;
use crate::containers;
use crate::show;
use crate::world::World;
use model::ModelSpec;
use model::value::Value;
use sched::{Resync, Retry, Select, Txn, View};
use sim::Fault;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use testkit::target::Needed;

pub type Answer = Result<Vec<String>, String>;

/// Runs one command.
pub fn run(world: &mut World, text: &str) -> Answer {
    let dir = world.dir();
    let other = world.other.as_ref().map(|netns| netns.path()).unwrap_or_default();
    let text = text.replace("$DIR", &dir).replace("$OTHER", &other);
    let (name, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let answer = match name {
        "start" => start(world, rest),
        "mtu" => {
            world.mtu = rest.parse().map_err(|_| format!("{rest} is no MTU"))?;
            Ok(Vec::new())
        }
        "stop" if rest == "agent" => {
            world.stop_agent();
            Ok(Vec::new())
        }
        "restart" => restart(world, rest),
        "put" => put(world, rest),
        "update" => update(world, rest),
        "apply" => apply(world, rest),
        "delete" => delete(world, rest),
        "status" => world.list(rest),
        "wait" => wait(world, rest),
        "show" => objects(world, rest),
        "sent" => world.sent(),
        "vpp" => {
            let command = with_numbers(world, rest)?;
            Ok(refusals(&world.vpp.cli(&command)))
        }
        "plug" => plug(world, rest),
        "run" => by_program(world, rest),
        "container" => containers::container(world, rest),
        "engine" => containers::engine(world, rest),
        "in" => containers::inside(world, rest),
        "ping" => containers::ping(world, rest),
        "reach" => containers::reach(world, rest),
        "unroute" => unroute(world, rest),
        "resync" => resync(world),
        "rest" => rest_request(world, rest),
        "agentctl" => agentctl(world, rest),
        "save" => save(world, rest),
        "etcd" => etcd(world, rest),
        "fault" => fault(world, rest),
        "lease" => lease(world, rest),
        "link" => link(world, rest),
        "file" => write_file(world, rest),
        _ => Err(format!("there is no command {name:?} with {rest:?}")),
    };
    Ok(answer?.into_iter().map(|line| line.replace(&dir, "$DIR")).collect())
}

fn start(world: &mut World, words: &str) -> Answer {
    world.configure(words)?;
    world.start_agent(true)?;
    world.changes(&[])
}

fn restart(world: &mut World, what: &str) -> Answer {
    match what {
        "agent" | "agent unready" => {
            world.stop_agent();
            world.start_agent(what == "agent")?;
        }
        "vpp" => world.restart_vpp(|vpp| vpp.restart())?,
        other if other.starts_with("vpp ") => restart_vpp_as(world, &other["vpp ".len()..])?,
        _ => return Err("what is to be restarted: agent or vpp?".to_owned()),
    }
    // Of an agent that is not ready nobody knows how far it is.
    match world.agent_is_up() && what != "agent unready" {
        true => world.changes(&[]),
        false => Ok(Vec::new()),
    }
}

/// VPP comes back as another: `whole`, or `as RELEASE` or `without PLUGIN…`.
fn restart_vpp_as(world: &mut World, words: &str) -> Result<(), String> {
    let words = if words == "whole" { "" } else { words };
    let mut words = words.split(' ').peekable();
    let release = words.next_if(|word| *word == "as").and_then(|_| words.next());
    let without: Vec<&str> = match words.next() {
        Some("without") => words.collect(),
        Some("") => Vec::new(),
        Some(other) => return Err(format!("as or without, not {other}")),
        None => Vec::new(),
    };
    world.restart_vpp(|vpp| vpp.restart_as(release, &without))
}

/// The model of the first word, and the rest.
fn spec(text: &str) -> Result<(&'static ModelSpec, &str), String> {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let spec = model::by_name(name).ok_or_else(|| format!("there is no model {name:?}"))?;
    Ok((spec, rest))
}

fn value(text: &str) -> Result<Arc<dyn Value>, String> {
    let (spec, yaml) = spec(text)?;
    let json = model::yaml::parse(yaml).map_err(|error| error.to_string())?;
    spec.from_json(&json).map_err(|error| error.to_string())
}

fn put(world: &mut World, text: &str) -> Answer {
    send(world, vec![value(text)?])
}

fn update(world: &mut World, text: &str) -> Answer {
    let document = model::document::parse(text).map_err(|error| error.to_string())?;
    match document.errors.first() {
        None => send(world, document.items),
        Some(error) => Err(error.to_string()),
    }
}

fn apply(world: &mut World, file: &str) -> Answer {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(file);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    // Sockets of a story go into its own directory.
    let text = text.replace("/run/vpp", &world.dir());
    update(world, &text)
}

fn send(world: &mut World, items: Vec<Arc<dyn Value>>) -> Answer {
    let life = world.life()?;
    // The configurator has no fields for some models.
    let refused = match items.iter().all(|item| has_field(&**item)) {
        true => {
            let config = model::config::from_items(items.iter().map(|item| &**item));
            life.speak(|grpc| grpc.update(config))?
        }
        false => {
            let updates = items.iter().map(|item| client::put(&**item)).collect();
            life.speak(|grpc| grpc.set_config(updates))?
        }
    };
    let keys: Vec<String> = items.iter().map(|item| item.key()).collect();
    with_refusal(refused, world.changes(&keys)?)
}

fn delete(world: &mut World, text: &str) -> Answer {
    let (spec, name) = spec(text)?;
    let key = spec.key(name);
    let select = Select::Key(key.clone());
    let life = world.life()?;
    let items = life.block_on(|agent| agent.scheduler().values(View::Nb, select));
    let item = items.first().ok_or_else(|| format!("nobody wants {key}"))?;
    let refused = match has_field(&*item.value) {
        true => {
            let config = model::config::from_items([&*item.value]);
            life.speak(|grpc| grpc.delete(config))?
        }
        false => life.speak(|grpc| grpc.set_config(vec![client::delete(spec, name)]))?,
    };
    with_refusal(refused, world.changes(&[key])?)
}

fn has_field(value: &dyn Value) -> bool {
    !model::config::into_items(model::config::from_items([value])).is_empty()
}

fn with_refusal(refused: Option<String>, lines: Vec<String>) -> Answer {
    Ok(refused.into_iter().chain(lines).collect())
}

fn wait(world: &mut World, text: &str) -> Answer {
    let (state, key) = text.split_once(' ').ok_or("wait STATE KEY")?;
    world.wait(state, key)?;
    // Readers see the middle of a transaction; what is shown is its end.
    let end = Txn { quiet: true, ..Txn::default() };
    world.life()?.block_on(|agent| agent.scheduler().commit(end)).map_err(|error| error.to_string())?;
    // A part is shown with the value it is a part of.
    let base = model::by_key(key).map(|_| key.to_owned());
    world.changes(base.as_slice())
}

fn objects(world: &mut World, text: &str) -> Answer {
    let (spec, _) = spec(text)?;
    let prefix = || Select::Prefix(spec.prefix.to_owned());
    let life = world.life()?;
    let wanted = life.block_on(|agent| agent.scheduler().values(View::Nb, prefix()));
    let items = life.block_on(|agent| agent.scheduler().retrieve(prefix()));
    Ok(show::objects(spec, items.map_err(|error| error.to_string())?, &wanted))
}

/// The command with what VPP calls our objects in the place of their names.
fn with_numbers(world: &mut World, text: &str) -> Result<String, String> {
    let life = world.life()?;
    let mut command = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or("a brace is not closed")?;
        let keys = ["vpp.interfaces", "vpp.l2.bridge-domain", "vpp.acls.acl"]
            .map(|model| model::by_name(model).map(|spec| spec.key(name)));
        let keys = keys.into_iter().flatten().map(Arc::from).collect();
        let items = life.block_on(|agent| agent.scheduler().retrieve(Select::Keys(keys)));
        let items = items.map_err(|error| error.to_string())?;
        let item = items.first().ok_or_else(|| format!("VPP has no {name}"))?;
        let number = item.metadata["Index"].as_u64().map(|id| id.to_string());
        let called = number.or_else(|| item.details["internal_name"].as_str().map(str::to_owned));
        command += before;
        command += &called.ok_or_else(|| format!("{name} has neither name nor number in VPP"))?;
        rest = after;
    }
    Ok(command + rest)
}

fn plug(world: &mut World, text: &str) -> Answer {
    if text == "taps" {
        let netns = world.netns.as_ref().ok_or("there is no network namespace; write `start linux` first")?;
        let sim = world.vpp.sim().ok_or("only a simulated VPP makes TAPs where it is told to")?;
        sim.machine(|machine| machine.linux_taps = Some(netns.path().into()));
        return Ok(Vec::new());
    }
    let needed = match text.split_once(' ') {
        Some(("link", name)) => Needed::Link(name),
        Some(("card", name)) => Needed::Card(name),
        Some(("rdma", name)) => Needed::Rdma(name),
        Some(("vmxnet3", address)) => {
            Needed::Vmxnet3(address.parse().map_err(|error| format!("{address}: {error}"))?)
        }
        _ => return Err("plug link, card, vmxnet3 or rdma, and which".to_owned()),
    };
    if world.vpp.plug(needed) { Ok(Vec::new()) } else { Err(format!("this machine cannot have {text}")) }
}

fn by_program(world: &mut World, text: &str) -> Answer {
    let netns = world.netns.as_ref().ok_or("there is no network namespace; write `start linux` first")?;
    let said = netns.attempt(text).unwrap_or_else(|error| error);
    Ok(said.lines().map(show::of_program).filter(|line| !line.is_empty()).collect())
}

fn unroute(world: &mut World, text: &str) -> Answer {
    let (table, network) = text.split_once(' ').ok_or("unroute TABLE NETWORK")?;
    world.unroute(table.parse().map_err(|_| format!("{table} is no table"))?, network)?;
    Ok(Vec::new())
}

/// What was refused. Commands that make something answer with its name, which VPP chose.
fn refusals(answer: &str) -> Vec<String> {
    let lines = answer.lines().map(str::trim).filter(|line| line.split_whitespace().count() > 2);
    lines.map(str::to_owned).collect()
}

/// Operations of one comparison that are shown.
const LISTED: usize = 12;

fn resync(world: &mut World) -> Answer {
    let retry = Some(Retry::default());
    let txn = Txn { resync: Resync::Downstream, retry, description: "story".to_owned(), ..Txn::default() };
    let report =
        world.life()?.block_on(|agent| agent.scheduler().commit(txn)).map_err(|error| error.to_string())?;
    let record = world.life()?.agent.scheduler().history().by_seq(report.seq);
    let done = record.iter().flat_map(|record| &record.executed).filter(|op| !op.noop && op.error.is_none());
    let mut done: Vec<_> = done.collect();
    done.sort_by(|a, b| a.key.cmp(&b.key)); // they were done at the same time
    let mut done: Vec<String> =
        done.into_iter().map(|op| format!("{} {}", op.operation.name(), op.key)).collect();
    if done.len() > LISTED {
        let more = done.len() - LISTED;
        done.truncate(LISTED);
        done.push(format!("and {more} more"));
    }
    let failed = report.failed.iter().map(|failed| format!("failed: {}: {}", failed.key, failed.error));
    Ok(done.into_iter().chain(failed).chain(world.changes(&[])?).collect())
}

fn rest_request(world: &mut World, text: &str) -> Answer {
    let mut words = text.splitn(3, ' ');
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err("rest METHOD PATH [BODY]".to_owned());
    };
    let address = world.life()?.agent.rest_address().ok_or("REST is off")?;
    let (status, body) = client::rest(address, method, path, words.next().unwrap_or_default())?;
    let lines = std::iter::once(status).chain(show::body(&body));
    let changed = if method == "GET" { Vec::new() } else { world.changes(&[])? };
    Ok(lines.chain(changed).collect())
}

fn agentctl(world: &mut World, text: &str) -> Answer {
    let life = world.life()?;
    let rest = life.agent.rest_address().ok_or("REST is off")?;
    let http = rest.port().to_string();
    let grpc = life.agent.grpc_text();
    let (_, grpc) = grpc.rsplit_once(':').ok_or("gRPC is off")?;
    let typed = ["agentctl", "--http-port", &http, "--grpc-port", grpc].into_iter().chain(text.split(' '));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = agentctl::Screen { out: &mut out, err: &mut err, colours: false };
    let exit = life.runtime.block_on(agentctl::run(typed.map(OsString::from), |_| None, &mut screen));
    let mut lines = show::typed(&String::from_utf8_lossy(&out));
    let err = String::from_utf8_lossy(&err).replace(&rest.to_string(), "$AGENT");
    lines.extend(show::typed(&err));
    if exit != agentctl::Exit::Done {
        lines.push(format!("exit code {}", exit as u8));
    }
    lines.extend(world.changes(&[])?);
    Ok(lines)
}

fn save(world: &mut World, text: &str) -> Answer {
    let (name, document) = text.split_once(' ').unwrap_or((text, ""));
    std::fs::write(world.vpp.dir().join(name), document).map_err(|error| error.to_string())?;
    Ok(Vec::new())
}

fn etcd(world: &mut World, text: &str) -> Answer {
    let (what, rest) = text.split_once(' ').unwrap_or((text, ""));
    match what {
        "stop" => world.stop_etcd()?,
        "start" => world.etcd.as_mut().ok_or("there is no etcd")?.run(),
        _ => change_etcd(world, what, rest)?,
    }
    if !world.agent_is_up() || what == "stop" {
        return Ok(Vec::new());
    }
    world.follow_etcd()?;
    world.changes(&[])
}

fn change_etcd(world: &mut World, what: &str, text: &str) -> Result<(), String> {
    let etcd = world.etcd.as_mut().ok_or("there is no etcd; write `start etcd` first")?;
    match what {
        "put" => {
            let (key, json) = entry(text)?;
            etcd.put(&key, &json)
        }
        "put-key" => {
            let (key, bytes) = text.split_once(' ').ok_or("etcd put-key KEY BYTES")?;
            etcd.put(key, bytes)
        }
        "del" => {
            let (spec, name) = spec(text)?;
            etcd.delete(&spec.key(name))
        }
        "fill" => {
            let (count, template) = text.split_once(' ').ok_or("etcd fill COUNT MODEL VALUE")?;
            let count: u32 = count.parse().map_err(|_| format!("{count} is no count"))?;
            let nth = |n: u32| {
                template.replace("{hi}", &(n / 256).to_string()).replace("{lo}", &(n % 256).to_string())
            };
            let entries: Result<Vec<_>, String> = (0..count).map(|n| entry(&nth(n))).collect();
            etcd.fill(&entries?)
        }
        _ => Err(format!("etcd cannot {what:?}")),
    }
}

/// Key and JSON of `MODEL VALUE`.
fn entry(text: &str) -> Result<(String, String), String> {
    let value = value(text)?;
    Ok((value.key(), model::json::to_json_proto_names(&value.wire()).to_string()))
}

fn fault(world: &mut World, text: &str) -> Answer {
    let [message, nth, retval] = text.split_whitespace().collect::<Vec<_>>()[..] else {
        return Err("fault MESSAGE N RETVAL".to_owned());
    };
    let number = |word: &str| word.parse::<i32>().map_err(|error| format!("{word}: {error}"));
    let sim = world.vpp.sim().ok_or("only a simulated VPP has faults when it is told to")?;
    let nth = u64::try_from(number(nth)?).map_err(|error| error.to_string())?;
    sim.faults().once(message, nth, Fault::Refuse(number(retval)?));
    Ok(Vec::new())
}

/// The other end of a memif, which goes by VPP's own name, connects or leaves.
fn link(world: &mut World, text: &str) -> Answer {
    let (interface, up) = match text.split_whitespace().collect::<Vec<_>>()[..] {
        [interface, "up"] => (interface, true),
        [interface, "down"] => (interface, false),
        _ => return Err("link INTERFACE up|down".to_owned()),
    };
    let sim =
        world.vpp.sim().ok_or("only the other end of a simulated memif comes and goes when it is told to")?;
    sim.set_link(interface, up).map_err(|error| error.to_string())?;
    Ok(Vec::new())
}

/// A DHCP server assigns an address to an interface, which goes by VPP's own name.
fn lease(world: &mut World, text: &str) -> Answer {
    let [interface, address, router] = text.split_whitespace().collect::<Vec<_>>()[..] else {
        return Err("lease INTERFACE ADDRESS/LENGTH ROUTER".to_owned());
    };
    let router = router.parse().map_err(|error| format!("{router}: {error}"))?;
    let sim = world.vpp.sim().ok_or("only a simulated VPP hears from a DHCP server when it is told to")?;
    sim.set_lease(interface, address, router).map_err(|error| error.to_string())?;
    Ok(Vec::new())
}

fn write_file(world: &mut World, text: &str) -> Answer {
    // Put into place whole, as an editor does.
    let (path, fresh) = (world.watched_file(), world.vpp.dir().join("watched.new"));
    std::fs::write(&fresh, text)
        .and_then(|()| std::fs::rename(&fresh, &path))
        .map_err(|error| error.to_string())?;
    Ok(Vec::new())
}
