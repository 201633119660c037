//! What of the API works with the VPP of now, model by model, and why what does not work does not.

use crate::listing::joined;
use model::{MODELS, ModelSpec};
use sched::{Capability, DescriptorInfo, Scheduler};
use serde_json::{Value, json};

/// How much of something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Support {
    Full,
    /// Some values, or some parts of values, do not.
    Part,
    Nothing,
    /// Nobody could be asked yet.
    Unknown,
    /// This agent cannot do it, whatever it talks to.
    Unimplemented,
}

impl Support {
    fn name(self) -> &'static str {
        match self {
            Support::Full => "supported",
            Support::Part => "partly",
            Support::Nothing => "not supported",
            Support::Unknown => "unknown",
            Support::Unimplemented => "unimplemented",
        }
    }
}

/// All models that can be configured, in the order of the table of models.
pub async fn table(scheduler: &Scheduler) -> Value {
    let known = scheduler.capabilities().await;
    MODELS.iter().filter(|spec| spec.class == "config").map(|spec| model(spec, &known)).collect()
}

fn model(spec: &ModelSpec, known: &[Capability]) -> Value {
    let name = spec.name();
    let Some(base) = known.iter().find(|one| one.of.prefix == spec.prefix) else {
        let reason = "this agent has no descriptor for it";
        return json!({ "model": name, "support": Support::Unimplemented.name(), "reason": reason });
    };
    let parts: Vec<&Capability> = known.iter().filter(|one| is_part_of(&one.of, &base.of, known)).collect();
    let mut support = alone(base);
    if support == Support::Full && parts.iter().any(|part| alone(part) != Support::Full) {
        support = Support::Part;
    }
    let mut row = json!({ "model": name, "support": support.name() });
    if support == Support::Unknown {
        row["reason"] = format!("{} is not connected yet", base.of.southbound).into();
    }
    describe(&mut row, base);
    let mut list = Vec::new();
    for part in parts {
        let mut row = json!({ "support": alone(part).name() });
        describe(&mut row, part);
        list.push(row);
    }
    if !list.is_empty() {
        row["parts"] = list.into();
    }
    row
}

/// Are its objects parts of the other's, or parts of such parts?
fn is_part_of(of: &DescriptorInfo, base: &DescriptorInfo, known: &[Capability]) -> bool {
    let mut at = of;
    // No chain of parts is longer than the list.
    for _ in known {
        let Some(whole) = at.part_of.filter(|_| at.derived) else { return false };
        if whole == base.name {
            return true;
        }
        match known.iter().find(|one| one.of.name == whole) {
            Some(next) => at = &next.of,
            None => return false,
        }
    }
    false
}

/// How much of a descriptor works, its parts left aside.
fn alone(one: &Capability) -> Support {
    let lacks = |calls: &[&'static str]| one.missing_of(calls).next().is_some();
    match one.known {
        false => Support::Unknown,
        true if lacks(one.of.uses) => Support::Nothing,
        true if one.of.variants.iter().any(|variant| lacks(variant.uses)) => Support::Part,
        true => Support::Full,
    }
}

/// Adds what is known of a descriptor: its name, what it lacks, and the same for each of its variants.
fn describe(row: &mut Value, one: &Capability) {
    row["descriptor"] = one.of.name.into();
    let whole = alone(one);
    add_missing(row, one, one.of.uses);
    let variants = one.of.variants.iter().map(|variant| {
        let lacks = one.missing_of(variant.uses).next().is_some();
        let support = match whole {
            Support::Unknown | Support::Nothing => whole,
            _ if lacks => Support::Nothing,
            _ => Support::Full,
        };
        let mut row = json!({ "name": variant.name, "support": support.name() });
        add_missing(&mut row, one, variant.uses);
        row
    });
    let variants: Vec<Value> = variants.collect();
    if !variants.is_empty() {
        row["variants"] = variants.into();
    }
}

/// Names what is missing of these calls, if anything is, and says why.
fn add_missing(row: &mut Value, one: &Capability, calls: &[&'static str]) {
    let missing: Vec<&(&str, String)> = one.missing_of(calls).collect();
    if missing.is_empty() {
        return;
    }
    row["reason"] = joined(missing.iter().map(|(_, reason)| reason.clone()), "; ").into();
    row["missing"] = missing.iter().map(|(call, _)| name_of(call)).collect();
}

/// The name of a call, without the checksum that VPP's messages have behind it.
fn name_of(call: &str) -> &str {
    let is_checksum = |tail: &str| tail.len() == 8 && tail.bytes().all(|byte| byte.is_ascii_hexdigit());
    call.rsplit_once('_').filter(|(_, tail)| is_checksum(tail)).map_or(call, |(name, _)| name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use sched::Variant;

    const ADD: &str = "thing_add_0a1b2c3d";
    const MORE: &str = "thing_add_more_00000000";
    const VARIANTS: &[Variant] =
        &[Variant { name: "PLAIN", uses: &[] }, Variant { name: "FANCY", uses: &[MORE] }];

    fn one(name: &'static str, prefix: &'static str, part_of: Option<&'static str>) -> Capability {
        let derived = part_of.is_some();
        let (uses, variants): (&[&str], &[Variant]) =
            if derived { (&["part"], &[]) } else { (&[ADD], VARIANTS) };
        let of = DescriptorInfo { name, prefix, derived, part_of, southbound: "VPP", uses, variants };
        Capability { of, known: true, missing: Vec::new() }
    }
    fn interface() -> [Capability; 3] {
        [
            one("vpp-interface", "config/vpp/v2/interfaces/", None),
            one("address", "vpp/interface/", Some("vpp-interface")),
            one("part-of-address", "vpp/x/", Some("address")),
        ]
    }
    fn row(known: &[Capability]) -> Value {
        model(model::by_name("vpp.interfaces").unwrap(), known)
    }

    #[test]
    fn what_has_all_its_calls_is_supported() {
        let row = row(&interface());
        assert_eq!(
            row,
            json!({
                "model": "vpp.interfaces", "support": "supported", "descriptor": "vpp-interface",
                "variants": [
                    { "name": "PLAIN", "support": "supported" }, { "name": "FANCY", "support": "supported" },
                ],
                "parts": [
                    { "descriptor": "address", "support": "supported" },
                    { "descriptor": "part-of-address", "support": "supported" },
                ],
            })
        );
    }

    #[test]
    fn what_lacks_a_call_says_so_and_how_far_that_goes() {
        let mut known = interface();
        known[0].missing = vec![(MORE, "no more".into())];
        let shown = row(&known);
        assert_eq!((&shown["support"], &shown["missing"]), (&json!("partly"), &Value::Null));
        let fancy = json!({ "name": "FANCY", "support": "not supported", "reason": "no more", "missing": ["thing_add_more"] });
        assert_eq!(shown["variants"], json!([{ "name": "PLAIN", "support": "supported" }, fancy]));

        known[0].missing = vec![(ADD, "no add".into())];
        let shown = row(&known);
        assert_eq!((&shown["support"], &shown["missing"]), (&json!("not supported"), &json!(["thing_add"])));
        assert_eq!(shown["reason"], "no add");
        assert_eq!(shown["variants"][0], json!({ "name": "PLAIN", "support": "not supported" }));

        let mut known = interface();
        known[2].missing = vec![("part", "no part".into())];
        let shown = row(&known);
        assert_eq!(shown["support"], "partly");
        let part = json!({ "descriptor": "part-of-address", "support": "not supported", "reason": "no part", "missing": ["part"] });
        assert_eq!(shown["parts"][1], part);
    }

    #[test]
    fn nothing_is_known_before_the_first_connection() {
        let mut known = interface();
        known.iter_mut().for_each(|one| one.known = false);
        let shown = row(&known);
        assert_eq!(
            (&shown["support"], &shown["reason"]),
            (&json!("unknown"), &json!("VPP is not connected yet"))
        );
        let shown = row(&[]);
        assert_eq!(
            shown,
            json!({ "model": "vpp.interfaces", "support": "unimplemented", "reason": "this agent has no descriptor for it" })
        );
    }

    #[test]
    fn checksums_are_no_part_of_a_name() {
        for (call, name) in [(ADD, "thing_add"), ("thing", "thing"), ("add_del_thing", "add_del_thing")] {
            assert_eq!(name_of(call), name);
        }
    }
}
