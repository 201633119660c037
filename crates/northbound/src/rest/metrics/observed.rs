//! Interfaces and VPP's own counters.

use super::Exposition;
use crate::telemetry::Gauge;
use model::proto::ligato::vpp::interfaces::InterfaceState;

/// Name, help, and which status of an interface it tells.
type Family = (&'static str, &'static str, fn(&InterfaceState) -> i32);

pub fn write(out: &mut Exposition, states: &[InterfaceState], gauges: &[Gauge]) {
    let families: [Family; 2] = [
        (
            "ligato_ifplugin_operational_state",
            "Link state of an interface: 0 unknown, 1 up, 2 down.",
            |state| state.oper_status,
        ),
        ("ligato_ifplugin_admin_state", "Admin state of an interface: 0 unknown, 1 up, 2 down.", |state| {
            state.admin_status
        }),
    ];
    for (name, help, status) in families {
        out.family(name, "gauge", help);
        for state in states {
            out.sample(name, &[("name", &state.internal_name)], status(state));
        }
    }
    for Gauge { name, help, samples } in gauges {
        out.family(name, "gauge", help);
        for (labels, value) in samples {
            let labels: Vec<_> = labels.iter().map(|(label, content)| (*label, content.as_str())).collect();
            out.sample(name, &labels, value);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::exposition::parse;
    use super::*;
    use model::proto::ligato::vpp::interfaces::interface_state::Status;

    #[test]
    fn states_and_counters_are_families_that_can_be_read() {
        let state = |name: &str, admin: Status, oper: Status| InterfaceState {
            name: "users' name".into(),
            internal_name: name.into(),
            admin_status: admin.into(),
            oper_status: oper.into(),
            ..InterfaceState::default()
        };
        let states = [state("loop0", Status::Up, Status::Up), state("memif1/0", Status::Up, Status::Down)];
        let labels = vec![("agent", "vpp1".to_owned()), ("name", "loop0".to_owned())];
        let gauge = |name: &str, samples| Gauge { name: name.into(), help: "Packets.", samples };
        let gauges =
            [gauge("vpp_interfaces_rx_packets", vec![(labels, 3.0)]), gauge("vpp_nodes_counter", vec![])];
        let mut out = Exposition::default();
        write(&mut out, &states, &gauges);
        let families = parse(&out.text).unwrap();
        let names: Vec<_> = families.iter().map(|family| family.name.as_str()).collect();
        let of_states = ["ligato_ifplugin_operational_state", "ligato_ifplugin_admin_state"];
        assert_eq!(names, [of_states[0], of_states[1], "vpp_interfaces_rx_packets"]);
        assert!(
            out.text.contains("ligato_ifplugin_operational_state{name=\"memif1/0\"} 2\n"),
            "{}",
            out.text
        );
        assert!(out.text.ends_with("vpp_interfaces_rx_packets{agent=\"vpp1\",name=\"loop0\"} 3\n"));
    }
}
