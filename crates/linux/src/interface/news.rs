//! What is told of the links of the agent's own namespace as they come, go, and change their state.

use super::alias;
use super::sight::Sight;
use model::proto::ligato::linux::interfaces::interface::Type;
use model::proto::ligato::linux::interfaces::interface_state::Status;
use model::proto::ligato::linux::interfaces::{
    InterfaceNotification, InterfaceState, interface_notification,
};
use std::collections::BTreeMap;

/// Told of links that changed. Must not take long.
pub type OnInterfaces = Box<dyn Fn(Vec<InterfaceNotification>) + Send + Sync>;

/// The numbers of states in which a link can carry packets, and in which that is not known.
const UP: u8 = 6;
const UNKNOWN: u8 = 0;

/// What was last known of the links, by their numbers.
#[derive(Default)]
pub(super) struct News(Option<BTreeMap<u32, InterfaceState>>);

impl News {
    /// What is otherwise than before; nothing when it is looked for the first time. `now` is in seconds.
    pub fn of(&mut self, mark: &str, links: &[Sight], now: i64) -> Vec<InterfaceNotification> {
        let now_there: BTreeMap<u32, InterfaceState> =
            links.iter().map(|link| (link.index, state(mark, link, now))).collect();
        let Some(before) = self.0.replace(now_there.clone()) else { return Vec::new() };
        let gone = before.iter().filter(|(index, last)| {
            now_there.get(index).is_none_or(|state| state.internal_name != last.internal_name)
        });
        let gone = gone.map(|(_, last)| InterfaceState {
            admin_status: Status::Deleted.into(),
            oper_status: Status::Deleted.into(),
            last_change: now,
            ..last.clone()
        });
        let same = |a: &InterfaceState, b: &InterfaceState| {
            let what = |s: &InterfaceState| (s.admin_status, s.oper_status, s.internal_name.clone());
            what(a) == what(b)
        };
        let changed =
            now_there.iter().filter(|(index, state)| before.get(index).is_none_or(|last| !same(last, state)));
        let states: Vec<InterfaceState> = gone.chain(changed.map(|(_, state)| state.clone())).collect();
        let news = |state| InterfaceNotification {
            r#type: interface_notification::NotifType::Updown.into(),
            state: Some(state),
        };
        states.into_iter().map(news).collect()
    }
}

fn state(mark: &str, link: &Sight, now: i64) -> InterfaceState {
    let status = |up| if up { Status::Up } else { Status::Down };
    let oper = match link.oper {
        UP => Status::Up,
        UNKNOWN => Status::UnknownStatus,
        _ => Status::Down,
    };
    // By its logical name, if it is one of ours.
    let logical = alias::read(mark, &link.alias, link.kind == "veth");
    InterfaceState {
        name: logical.map_or(&*link.alias, |(name, _)| name).to_owned(),
        internal_name: link.host.clone(),
        r#type: kind(link).into(),
        if_index: i32::try_from(link.index).unwrap_or(i32::MAX),
        admin_status: status(link.up).into(),
        oper_status: oper.into(),
        last_change: now,
        phys_address: crate::convert::mac_text(&link.mac),
        mtu: link.mtu,
        ..InterfaceState::default()
    }
}

fn kind(link: &Sight) -> Type {
    match link.kind.as_str() {
        "veth" => Type::Veth,
        "tun" => Type::TapToVpp,
        "vrf" => Type::VrfDevice,
        "dummy" => Type::Dummy,
        _ if link.host == super::loopback::HOST => Type::Loopback,
        _ => Type::Undefined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "/vnf-agent/vpp1/";

    fn link(index: u32, host: &str, up: bool, oper: u8) -> Sight {
        let alias = format!("{MARK}left/right");
        Sight {
            index,
            host: host.into(),
            alias,
            kind: "veth".into(),
            up,
            oper,
            mtu: 1500,
            ..Sight::default()
        }
    }

    #[test]
    fn what_changed_is_told_once() {
        let mut news = News::default();
        let mut told = |links: &[Sight]| -> Vec<String> {
            let states = news.of(MARK, links, 7).into_iter().map(|news| news.state.unwrap());
            states
                .map(|s| {
                    format!("{} {} {:?} {:?}", s.name, s.internal_name, s.admin_status(), s.oper_status())
                })
                .collect()
        };
        let down = link(5, "left", false, 2);
        let up = link(5, "left", true, UP);
        assert_eq!(told(std::slice::from_ref(&down)), [""; 0], "it was there");
        assert_eq!(told(std::slice::from_ref(&up)), ["left left Up Up"]);
        assert_eq!(told(&[Sight { mtu: 9000, ..up.clone() }]), [""; 0]);
        let low = link(5, "left", true, 3);
        assert_eq!(told(std::slice::from_ref(&low)), ["left left Up Down"]);
        let other = Sight { alias: "uplink".into(), kind: String::new(), ..link(6, "ext0", true, UNKNOWN) };
        assert_eq!(told(&[low, other.clone()]), ["uplink ext0 Up UnknownStatus"]);
        assert_eq!(told(std::slice::from_ref(&other)), ["left left Deleted Deleted"]);
        // Another one with its number.
        let another = Sight { host: "ext1".into(), alias: String::new(), ..other };
        assert_eq!(told(&[another]), ["uplink ext0 Deleted Deleted", " ext1 Up UnknownStatus"]);
    }

    #[test]
    fn types_are_those_of_the_model() {
        for (kind_of_link, host, r#type) in [
            ("veth", "a", Type::Veth),
            ("tun", "a", Type::TapToVpp),
            ("vrf", "a", Type::VrfDevice),
            ("dummy", "a", Type::Dummy),
            ("", "lo", Type::Loopback),
            ("bridge", "br0", Type::Undefined),
        ] {
            let link = Sight { kind: kind_of_link.into(), host: host.into(), ..Sight::default() };
            assert_eq!(kind(&link), r#type);
        }
    }
}
