//! One life of the agent, from its start to its end or crash, and what happens meanwhile.

use crate::behind::{make_foreign, spoil};
use crate::oracle::{Said, Says};
use crate::world::{Sent, Way, World, client_source, file_source, kv_source};
use agent::heart;
use northbound::intake::{Batch, Intake, Outcome};
use northbound::merge::{Item, Source};
use northbound::store::Store;
use sched::{Resync, Retry, Scheduler, Txn};
use sim::{Fault, Sim};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use vpp_client::{Dial, Line, SocketFile, Unreachable};

/// How a life ended.
#[derive(Debug, PartialEq)]
pub enum End {
    Crash,
    Stop,
    /// All steps were made.
    Finished,
}

/// What came back of a batch: number if it is a client's, what is wrong if anything.
type Answers = Arc<Mutex<Vec<(Option<usize>, Result<(), String>)>>>;

pub struct Life {
    pub scheduler: Scheduler,
    intake: Intake,
    kv: mpsc::UnboundedSender<(Duration, Batch)>,
    file: mpsc::UnboundedSender<(Duration, Batch)>,
    answers: Answers,
    /// Batches sent and answered.
    sent: usize,
    answered: usize,
    /// Changes of the key-value store that were not delivered yet.
    changes: Vec<Item>,
    began: Instant,
}

/// Leads a new connection to the simulated VPP, if that is up.
fn dial(sim: &Arc<Sim>, way: &Arc<Mutex<Way>>, buffer: usize) -> Dial {
    let (sim, way) = (sim.clone(), way.clone());
    Dial::new(move || {
        let mut way = way.lock().unwrap();
        let line = way.up.then(|| {
            let (near, far) = tokio::io::duplex(buffer);
            way.serving = Some(tokio::spawn(sim.attend(far)).abort_handle());
            let (reader, writer) = tokio::io::split(near);
            let socket = SocketFile { device: 0, inode: u64::from(sim.pid()), changed: way.touched };
            Line { reader: Box::new(reader), writer: Box::new(writer), started: None, socket }
        });
        async move { line.ok_or(Unreachable { reason: "VPP is down".to_owned(), absent: true }) }
    })
}

fn judge(outcome: Result<Outcome, northbound::intake::Error>) -> Result<(), String> {
    match outcome {
        Ok(outcome) => outcome.not_stored.map_or(Ok(()), |error| Err(format!("not stored: {error}"))),
        Err(error) => Err(error.to_string()),
    }
}

/// Delivers batches of one source in order, each after a pause.
fn follow(source: Source, intake: Intake, answers: Answers) -> mpsc::UnboundedSender<(Duration, Batch)> {
    let (sender, mut batches) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some((pause, batch)) = batches.recv().await {
            sleep(pause).await;
            let outcome = judge(intake.submit(source.clone(), batch).await);
            answers.lock().unwrap().push((None, outcome));
        }
    });
    sender
}

fn item(key: &str, said: Option<&Said>) -> Item {
    match said {
        Some(Said::Put(thing)) => Item::put(thing.value()),
        Some(Said::Garbage) => Item::refused(key, "it is no value"),
        None => Item::delete(key),
    }
}

fn items(says: &Says) -> Vec<Item> {
    says.iter().map(|(key, said)| item(key, Some(said))).collect()
}

impl Life {
    pub fn start(world: &mut World) -> Result<Life, String> {
        let (store, mut content) = Store::in_memory(&world.memory).map_err(|error| error.to_string())?;
        world.recover(&content)?;
        let made: HashSet<_> = std::mem::take(&mut content.made).into_iter().collect();
        if world.last_keys.is_some() && !made.is_empty() {
            return Err(format!("nothing is left, but the record says that we made {made:?}"));
        }
        let config = sched::Config {
            in_flight: *world.rng.pick(&[1, 3, 256]),
            record: world.rng.percent(20),
            made,
            on_made: Some(heart::remember(store.clone())),
            ..sched::Config::default()
        };
        let client = vpp_client::Config {
            dial: Some(dial(&world.sim, &world.way, *world.rng.pick(&[256, 1 << 16]))),
            health_interval: Duration::from_secs(*world.rng.pick(&[1, 5])),
            ..vpp_client::Config::new("simulated")
        };
        let (_vpp, scheduler) =
            heart::assemble(client, None, config, &Default::default()).map_err(|error| error.to_string())?;
        let intake = Intake::start(scheduler.clone(), Some(store), content, [kv_source(), file_source()]);
        let answers = Answers::default();
        let kv = follow(kv_source(), intake.clone(), answers.clone());
        let file = follow(file_source(), intake.clone(), answers.clone());
        let (sent, answered, changes, began) = (0, 0, Vec::new(), Instant::now());
        let mut life = Life { scheduler, intake, kv, file, answers, sent, answered, changes, began };
        if world.kv_up {
            life.list_kv(world);
        }
        life.read_file(world);
        Ok(life)
    }

    /// Takes notice of what was answered.
    pub fn listen(&mut self, world: &mut World) -> Result<(), String> {
        let answers = std::mem::take(&mut *self.answers.lock().unwrap());
        for (number, answer) in answers {
            self.answered += 1;
            answer?;
            if let Some(number) = number {
                world.clients.answered(number);
                world.hash(&format!("answered {number}"));
            }
        }
        Ok(())
    }
    pub fn outstanding(&self) -> usize {
        self.sent - self.answered
    }

    fn deliver(&mut self, world: &mut World, batch: Batch, file: bool) {
        let pause = world.rng.millis(100);
        self.sent += 1;
        let queue = if file { &self.file } else { &self.kv };
        // The receiver lives as long as the runtime.
        let _ = queue.send((pause, batch));
    }
    /// The key-value store is read as a whole, as after every new connection.
    fn list_kv(&mut self, world: &mut World) {
        self.changes.clear();
        let again = world.rng.percent(20);
        let batch = Batch {
            items: items(&world.kv),
            replace: true,
            answers: true,
            resync: again,
            retry: Some(Retry::default()),
            ..Batch::default()
        };
        world.note(format!("the store is listed: {} keys, compare {again}", world.kv.len()));
        self.deliver(world, batch, false);
    }
    fn read_file(&mut self, world: &mut World) {
        let batch = Batch {
            items: items(&world.file),
            replace: true,
            answers: true,
            retry: Some(Retry::default()),
            ..Batch::default()
        };
        self.deliver(world, batch, true);
    }
    /// Brings what changed in the key-value store to the agent.
    fn pass_changes(&mut self, world: &mut World) {
        if self.changes.is_empty() {
            return;
        }
        let mut items = std::mem::take(&mut self.changes);
        if world.rng.percent(30) {
            // Only the last change of each key, in some order.
            let last: BTreeMap<_, _> = items.into_iter().map(|item| (item.key.clone(), item)).collect();
            items = last.into_values().collect();
        }
        let times = if world.rng.percent(15) { 2 } else { 1 };
        for _ in 0..times {
            let retry = Some(Retry::default());
            self.deliver(world, Batch { items: items.clone(), retry, ..Batch::default() }, false);
        }
    }
    /// All sources say what they have to say, and nothing goes wrong any more.
    pub fn calm_down(&mut self, world: &mut World) {
        world.sim.faults().clear();
        world.way.lock().unwrap().up = true;
        match world.kv_up {
            true => self.pass_changes(world),
            false => {
                world.kv_up = true;
                self.list_kv(world);
            }
        }
    }

    fn client_sends(&mut self, world: &mut World) {
        let client = world.rng.below(2);
        let replace = world.rng.percent(4);
        let length = if world.rng.percent(10) { 10 } else { 1 + world.rng.below(3) };
        let mut ops: Vec<(String, Option<Said>)> = Vec::new();
        for _ in 0..length {
            let newest = world.clients.newest();
            let delete = world.rng.percent(30).then(|| world.held(&newest[client])).flatten();
            ops.push(match delete {
                Some(key) => (key, None),
                None => {
                    let (key, thing) = world.invent();
                    (key, Some(Said::Put(thing)))
                }
            });
        }
        let number = world.clients.count;
        world.clients.count += 1;
        self.send(world, Sent { number, client, replace, ops });
    }
    fn send(&mut self, world: &mut World, sent: Sent) {
        let retry = match world.rng.below(3) {
            0 => None,
            1 => Some(Retry::default()),
            _ => Some(Retry { max: 0, ..Retry::default() }),
        };
        let batch = Batch {
            items: sent.ops.iter().map(|(key, said)| item(key, said.as_ref())).collect(),
            replace: sent.replace,
            resync: sent.replace && world.rng.percent(50),
            statuses: world.rng.percent(50),
            retry,
            ..Batch::default()
        };
        let number = sent.number;
        world
            .note(format!("client {} sends {number}, replace {}: {:?}", sent.client, sent.replace, sent.ops));
        world.clients.sent.push_back(Sent { number, ..sent });
        self.sent += 1;
        let client = world.clients.sent.back().map_or(0, |sent| sent.client);
        let outcome = self.intake.submit(client_source(client), batch);
        let answers = self.answers.clone();
        tokio::spawn(async move {
            let outcome = judge(outcome.await);
            answers.lock().unwrap().push((Some(number), outcome));
        });
    }
    fn kv_changes(&mut self, world: &mut World) {
        let burst = if world.rng.percent(10) { 12 } else { 1 + world.rng.below(2) };
        for _ in 0..burst {
            let says = std::mem::take(&mut world.kv);
            let delete = world.rng.percent(30).then(|| world.held(&says)).flatten();
            world.kv = says;
            let (key, said) = match delete {
                Some(key) => (key, None),
                None => {
                    let (key, thing) = world.invent();
                    let garbage = world.rng.percent(5);
                    (key, Some(if garbage { Said::Garbage } else { Said::Put(thing) }))
                }
            };
            world.note(format!("the store changes {key}: {said:?}"));
            match &said {
                Some(said) => drop(world.kv.insert(key.clone(), said.clone())),
                None => drop(world.kv.remove(&key)),
            }
            if world.kv_up {
                self.changes.push(item(&key, said.as_ref()));
            }
        }
        if world.rng.percent(60) {
            self.pass_changes(world);
        }
    }
    fn file_changes(&mut self, world: &mut World) {
        for _ in 0..1 + world.rng.below(4) {
            let says = std::mem::take(&mut world.file);
            let delete = world.rng.percent(40).then(|| world.held(&says)).flatten();
            world.file = says;
            match delete {
                Some(key) => {
                    world.note(format!("the file loses {key}"));
                    world.file.remove(&key);
                }
                None => {
                    let (key, thing) = world.invent();
                    let garbage = world.rng.percent(4);
                    let said = if garbage { Said::Garbage } else { Said::Put(thing) };
                    world.note(format!("the file says {key}: {said:?}"));
                    world.file.insert(key, said);
                }
            }
        }
        self.read_file(world);
    }

    /// One event.
    pub async fn step(&mut self, world: &mut World) -> Option<End> {
        const WEIGHTS: [usize; 13] = [24, 20, 7, 22, 5, 2, 2, 1, 8, 3, 2, 2, 2];
        match world.rng.weighted(WEIGHTS.into_iter()) {
            0 => self.client_sends(world),
            1 => self.kv_changes(world),
            2 => self.file_changes(world),
            3 => {
                let below = *world.rng.pick(&[2, 50, 1000, 20_000]);
                let time = world.rng.millis(below);
                world.note(format!("{time:?} pass"));
                sleep(time).await;
            }
            4 => {
                world.note("a change of the store arrives".to_owned());
                self.pass_changes(world);
            }
            5 => {
                world.kv_up = !world.kv_up;
                world.note(format!("the store is reachable: {}", world.kv_up));
                self.changes.clear();
                if world.kv_up {
                    self.list_kv(world);
                }
            }
            6 => {
                let serving = world.way.lock().unwrap().serving.take();
                world.note(format!("connection lost: {}", serving.is_some()));
                if let Some(serving) = serving {
                    serving.abort();
                }
                if world.rng.percent(20) {
                    world.note("its socket file was touched, as if it were a new one".to_owned());
                    world.way.lock().unwrap().touched += 1;
                    // To the agent it is another VPP, where nothing of what it was making can be.
                    world.find_orphans();
                }
            }
            7 => {
                world.restart_vpp();
                let up = world.rng.percent(60);
                world.way.lock().unwrap().up = up;
                world.note(format!("VPP crashed; up again: {up}"));
            }
            8 => go_wrong(world),
            9 => {
                world.way.lock().unwrap().up = true;
                make_foreign(world);
            }
            10 => spoil(world),
            11 => {
                world.way.lock().unwrap().up = true;
                world.note("VPP is up".to_owned());
            }
            _ => {
                for _ in 0..world.rng.below(30) {
                    tokio::task::yield_now().await;
                }
                let end = if world.rng.percent(70) { End::Crash } else { End::Stop };
                world.note(format!("end of a life: {end:?}"));
                return Some(end);
            }
        }
        for _ in 0..world.rng.below(4) {
            tokio::task::yield_now().await;
        }
        let passed = self.began.elapsed();
        world.hash(&format!("{passed:?}"));
        None
    }

    /// The agent stops as it does when asked to.
    pub async fn stop(self) {
        let Life { scheduler, intake, kv, file, .. } = self;
        drop((intake, kv, file));
        // It does not wait for ever.
        let _ = tokio::time::timeout(Duration::from_secs(1), scheduler.stop()).await;
        drop(scheduler);
        sleep(Duration::from_millis(10)).await;
    }

    /// A comparison as the agent makes it from time to time.
    pub async fn compare(&self) {
        let txn = Txn { resync: Resync::Downstream, quiet: true, ..Txn::default() };
        // The scheduler lives as long as this.
        let _ = self.scheduler.commit(txn).await;
    }

    /// Nobody wants anything any more.
    pub fn want_nothing(&mut self, world: &mut World) {
        world.note("nothing is wanted any more".to_owned());
        world.kv.clear();
        world.kv_up = true;
        self.list_kv(world);
        world.file.clear();
        self.read_file(world);
        for client in 0..2 {
            let number = world.clients.count;
            world.clients.count += 1;
            self.send(world, Sent { number, client, replace: true, ops: Vec::new() });
        }
    }
}

/// Requests that change VPP, and dumps.
const CHANGES: &[&str] = &[
    "create_loopback",
    "delete_loopback",
    "sw_interface_tag_add_del",
    "sw_interface_set_flags",
    "sw_interface_set_mac_address",
    "sw_interface_set_mtu",
    "memif_create",
    "memif_delete",
    "memif_socket_filename_add_del",
    "sw_interface_set_table",
    "sw_interface_add_del_address",
    "ip_table_add_del",
    "ip_route_add_del",
    "bridge_domain_add_del_v2",
    "sw_interface_set_l2_bridge",
    "bd_ip_mac_add_del",
    "l2fib_add_del",
    "sw_interface_set_l2_xconnect",
    "vxlan_add_del_tunnel_v3",
    "ip_neighbor_add_del",
    "sw_interface_span_enable_disable",
    "acl_add_replace",
    "acl_del",
    "acl_interface_set_acl_list",
];
const DUMPS: &[&str] = &[
    "sw_interface_dump",
    "memif_dump",
    "memif_socket_filename_dump",
    "ip_address_dump",
    "ip_table_dump",
    "ip_route_v2_dump",
    "bridge_domain_dump",
    "bd_ip_mac_dump",
    "l2_fib_table_dump",
    "l2_xconnect_dump",
    "sw_interface_get_table",
    "vxlan_tunnel_v2_dump",
    "ip_neighbor_dump",
    "sw_interface_span_dump",
    "acl_dump",
    "acl_interface_list_dump",
    "control_ping",
];

/// One of the next calls goes wrong.
fn go_wrong(world: &mut World) {
    let change = world.rng.percent(75);
    let message = *world.rng.pick(if change { CHANGES } else { DUMPS });
    let nth = 1 + world.rng.below(3) as u64;
    // What is taken for a free number of a socket file may be the number of one that was not told.
    let all_or_nothing = message == "memif_socket_filename_dump";
    let fault = match (world.rng.below(7), change) {
        (3.., false) if all_or_nothing => Fault::DropBefore,
        (0, _) => Fault::DropBefore,
        (1, _) => Fault::DropAfter,
        (2, _) => Fault::Delay(world.rng.millis(15_000)),
        (3, _) => Fault::Silent,
        (4, _) if world.rng.percent(30) => Fault::Restart,
        (_, true) => Fault::Refuse(*world.rng.pick(&[-1, -2, -6, -30])),
        (_, false) => Fault::Short(1),
    };
    let lost = matches!(fault, Fault::DropBefore | Fault::DropAfter | Fault::Restart);
    world.unsettled |= !lost;
    world.note(format!("call {nth} of {message} goes wrong: {fault:?}"));
    world.sim.faults().once(message, nth, fault);
}
