//! How the agent is doing: for REST's probes and the status keys in stores.
//!
//! The agent is *live* as long as it answers, and *ready* (state OK) while every configured source has answered once and
//! VPP is connected and compared with what is wanted. A VPP or a store that is away makes it not ready, never dead:
//! restarting the agent would not bring them back.

use crate::etcd::{Connection, Etcd, StatusSender};
use crate::intake::{Intake, Sources};
use model::proto::ligato::vpp::interfaces::InterfaceState;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// How often status keys are written although nothing changed.
const REFRESH: Duration = Duration::from_secs(10);

/// What was built, and when.
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// Version, such as `v0.1.0`.
    pub version: String,
}

/// State of the agent or of one of its parts. Numbers are those of the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Not ready yet, or not any more.
    #[default]
    Init = 0,
    /// Works.
    Ok = 1,
    /// Does not work.
    Error = 2,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Init => "INIT",
            State::Ok => "OK",
            State::Error => "ERROR",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Part {
    state: State,
    error: Option<String>,
    /// Seconds since 1970.
    last_change: u64,
}

/// How everything is doing at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    version: String,
    start_time: u64,
    last_change: u64,
    last_update: u64,
    /// The agent as a whole.
    pub state: State,
    parts: BTreeMap<&'static str, Part>,
}

/// Follows how everything is doing.
#[derive(Clone)]
pub struct Health(watch::Receiver<Status>);

impl Health {
    /// Starts to follow on the current runtime, until the intake is gone. With etcd, status keys are written there.
    pub fn start(build: Build, intake: &Intake, etcd: Option<&Etcd>) -> Health {
        let now = now();
        let status =
            Status { version: build.version, start_time: now, last_change: now, ..Status::default() };
        let (tell, status) = watch::channel(status);
        let follow = Follow {
            sources: intake.sources(),
            scheduler: intake.scheduler().health(),
            etcd: etcd.map(|etcd| (etcd.connection(), etcd.status_sender())),
            tell,
        };
        tokio::spawn(follow.run());
        Health(status)
    }
    /// How everything is doing now.
    pub fn status(&self) -> Status {
        self.0.borrow().clone()
    }
    /// Waits until the agent is ready; for ever if it has stopped.
    pub async fn ready(&self) {
        let mut status = self.0.clone();
        if status.wait_for(|status| status.state == State::Ok).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

struct Follow {
    sources: watch::Receiver<Sources>,
    scheduler: watch::Receiver<sched::Health>,
    etcd: Option<(watch::Receiver<Connection>, StatusSender)>,
    tell: watch::Sender<Status>,
}

impl Follow {
    async fn run(mut self) {
        let mut refresh = tokio::time::interval(REFRESH);
        loop {
            self.update();
            let etcd = async {
                match &mut self.etcd {
                    Some((connection, _)) => connection.changed().await.is_ok(),
                    None => std::future::pending().await,
                }
            };
            let goes_on = tokio::select! {
                changed = self.sources.changed() => changed.is_ok(),
                changed = self.scheduler.changed() => changed.is_ok(),
                changed = etcd => changed,
                _ = refresh.tick() => true,
            };
            if !goes_on || self.tell.is_closed() {
                return;
            }
        }
    }
    fn update(&mut self) {
        let answered = self.sources.borrow_and_update().all_answered();
        let scheduler = self.scheduler.borrow_and_update().clone();
        let mut parts: BTreeMap<&'static str, Option<String>> = BTreeMap::new();
        for (name, down) in &scheduler.southbounds {
            parts.insert(if *name == "VPP" { "govpp" } else { name }, down.clone());
        }
        if let Some((connection, _)) = &mut self.etcd {
            parts.insert("etcd", connection.borrow_and_update().down.clone());
        }
        let up = scheduler.southbounds.iter().all(|(_, down)| down.is_none());
        let ready = answered && up && scheduler.compared && scheduler.complete;
        let now = now();
        self.tell.send_modify(|status| {
            let state = if ready { State::Ok } else { State::Init };
            if status.state != state {
                (status.state, status.last_change) = (state, now);
            }
            status.last_update = now;
            status.parts.entry("VPPAgent").or_default().set(state, None, now);
            for (name, down) in parts {
                let state = if down.is_none() { State::Ok } else { State::Error };
                status.parts.entry(name).or_default().set(state, down, now);
            }
        });
        if let Some((_, keys)) = &self.etcd {
            let status = self.tell.borrow();
            keys.put("check/status/v1/agent", status.stored().to_string());
            for (name, part) in &status.parts {
                keys.put(
                    &format!("check/status/v1/plugin/{name}"),
                    part.stored(status.last_update).to_string(),
                );
            }
        }
    }
}

impl Part {
    fn set(&mut self, state: State, error: Option<String>, now: u64) {
        if self.state != state || self.last_change == 0 {
            (self.state, self.last_change) = (state, now);
        }
        self.error = error;
    }
    /// As `protojson` writes it into a store: names, 64-bit numbers as texts.
    fn stored(&self, last_update: u64) -> Value {
        let mut members = Map::new();
        put(&mut members, "state", Some(self.state.name().into()).filter(|_| self.state != State::Init));
        put(&mut members, "last_change", Some(self.last_change.to_string().into()));
        put(&mut members, "last_update", Some(last_update.to_string().into()));
        put(&mut members, "error", self.error.clone().map(Value::from));
        Value::Object(members)
    }
    /// As Go writes it to REST: numbers, zeros left out.
    fn exposed(&self, last_update: u64) -> Map<String, Value> {
        let mut members = Map::new();
        put(&mut members, "state", Some((self.state as u8).into()).filter(|_| self.state != State::Init));
        put(&mut members, "last_change", Some(self.last_change.into()));
        put(&mut members, "last_update", Some(last_update.into()));
        put(&mut members, "error", self.error.clone().map(Value::from));
        members
    }
}

fn put(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), value);
    }
}

impl Status {
    /// The value of `check/status/v1/agent`.
    fn stored(&self) -> Value {
        let parts = self.parts.iter().map(|(name, part)| json!({ "name": name, "state": part.state.name() }));
        json!({
            "build_version": self.version,
            "state": self.state.name(),
            "start_time": self.start_time.to_string(),
            "last_change": self.last_change.to_string(),
            "last_update": self.last_update.to_string(),
            "plugins": parts.collect::<Vec<_>>(),
        })
    }
    /// The body of `/liveness`, and with interfaces that of `/readiness`.
    pub fn exposed(&self, interfaces: Option<&[InterfaceState]>) -> Value {
        let mut members = Map::new();
        put(&mut members, "build_version", Some(self.version.clone().into()));
        put(&mut members, "state", Some((self.state as u8).into()).filter(|_| self.state != State::Init));
        put(&mut members, "start_time", Some(self.start_time.into()));
        put(&mut members, "last_change", Some(self.last_change.into()));
        put(&mut members, "last_update", Some(self.last_update.into()));
        put(&mut members, "interface_stats", interfaces.map(interface_stats));
        let named = self.parts.iter().map(|(name, part)| {
            let mut members = Map::from_iter([("name".to_owned(), Value::from(*name))]);
            put(&mut members, "state", Some((part.state as u8).into()).filter(|_| part.state != State::Init));
            put(&mut members, "error", part.error.clone().map(Value::from));
            Value::Object(members)
        });
        put(&mut members, "plugins", Some(named.collect()));
        let by_name = self.parts.iter();
        let by_name =
            by_name.map(|(name, part)| ((*name).to_owned(), Value::Object(part.exposed(self.last_update))));
        put(&mut members, "PluginStatus", Some(Value::Object(by_name.collect())));
        put(&mut members, "NonFatalPlugins", Some(Value::Null));
        Value::Object(members)
    }
}

/// The interfaces that VPP has a name for.
fn interface_stats(interfaces: &[InterfaceState]) -> Value {
    let named = interfaces.iter().filter(|state| !state.internal_name.is_empty());
    let rows = named.map(|state| {
        let mut members = Map::new();
        put(&mut members, "internal_name", Some(state.internal_name.clone().into()));
        put(&mut members, "index", Some(state.if_index.into()).filter(|_| state.if_index != 0));
        put(&mut members, "status", Some(state.admin_status().as_str_name().into()));
        let mac = Some(&state.phys_address).filter(|mac| !mac.is_empty());
        put(&mut members, "mac_address", mac.map(|mac| mac.as_str().into()));
        Value::Object(members)
    });
    let rows: Vec<Value> = rows.collect();
    if rows.is_empty() { json!({}) } else { json!({ "interfaces": rows }) }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exposed_shape_is_the_reference_s() {
        let part = Part { state: State::Ok, error: None, last_change: 5 };
        let status = Status {
            version: "v0.0.0-dev".into(),
            start_time: 5,
            last_change: 6,
            last_update: 7,
            state: State::Ok,
            parts: BTreeMap::from([("VPPAgent", part.clone()), ("etcd", part)]),
        };
        assert_eq!(
            status.exposed(Some(&[])).to_string(),
            r#"{"build_version":"v0.0.0-dev","state":1,"start_time":5,"last_change":6,"last_update":7,"interface_stats":{},"plugins":[{"name":"VPPAgent","state":1},{"name":"etcd","state":1}],"PluginStatus":{"VPPAgent":{"state":1,"last_change":5,"last_update":7},"etcd":{"state":1,"last_change":5,"last_update":7}},"NonFatalPlugins":null}"#
        );
        assert_eq!(
            status.stored().to_string(),
            r#"{"build_version":"v0.0.0-dev","state":"OK","start_time":"5","last_change":"6","last_update":"7","plugins":[{"name":"VPPAgent","state":"OK"},{"name":"etcd","state":"OK"}]}"#
        );
    }

    #[test]
    fn interfaces_are_told_by_what_vpp_calls_them() {
        use model::proto::ligato::vpp::interfaces::interface_state::Status as Admin;
        let known = InterfaceState {
            name: "loop1".into(),
            internal_name: "loop0".into(),
            if_index: 3,
            admin_status: Admin::Up.into(),
            phys_address: "02:fe:00:00:00:01".into(),
            ..InterfaceState::default()
        };
        let unknown = InterfaceState { name: "loop2".into(), ..InterfaceState::default() };
        assert_eq!(
            interface_stats(&[known, unknown]).to_string(),
            r#"{"interfaces":[{"internal_name":"loop0","index":3,"status":"UP","mac_address":"02:fe:00:00:00:01"}]}"#
        );
    }
}
