//! Rule of a MACIP ACL: the addresses, on both layers, of whoever sends.

use super::ip_rule;
use crate::prelude::*;
use model::proto::ligato::vpp::acl::acl::Rule;
use model::proto::ligato::vpp::acl::acl::rule::{Action, MacIpRule};
use types::{AclAction, MacipAclRule, Prefix};

/// As VPP is told.
pub(super) fn to_vpp(rule: &Rule) -> Result<MacipAclRule, Invalid> {
    ensure(rule.ip_rule.is_none(), "rules.ip_rule", "there is an IP rule among MACIP rules")?;
    let Some(macip) = &rule.macip_rule else {
        return Err(Invalid::new("rules.macip_rule", "neither ip_rule nor macip_rule is given"));
    };
    let is_permit = ip_rule::action(rule)?;
    ensure(
        is_permit != AclAction::PERMIT_REFLECT,
        "rules.action",
        "a MACIP rule cannot REFLECT: VPP keeps no sessions for it",
    )?;
    let address = ip("rules.macip_rule.source_address", &macip.source_address)?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let len = u8::try_from(macip.source_address_prefix).ok().filter(|len| *len <= most);
    let len = len.ok_or_else(|| {
        let reason = format!("the prefix length of {address} has to be from 0 to {most}");
        Invalid::new("rules.macip_rule.source_address_prefix", reason)
    })?;
    Ok(MacipAclRule {
        is_permit,
        src_mac: mac("rules.macip_rule.source_mac_address", &macip.source_mac_address)?,
        src_mac_mask: mac("rules.macip_rule.source_mac_address_mask", &macip.source_mac_address_mask)?,
        src_prefix: Prefix { address: address.into(), len },
    })
}

/// As VPP tells it.
pub(super) fn of_vpp(r: &MacipAclRule) -> Rule {
    let action = if r.is_permit == AclAction::DENY { Action::Deny } else { Action::Permit };
    let macip = MacIpRule {
        source_address: r.src_prefix.ip().to_string(),
        source_address_prefix: r.src_prefix.len.into(),
        source_mac_address: r.src_mac.to_string(),
        source_mac_address_mask: r.src_mac_mask.to_string(),
    };
    Rule { action: action.into(), ip_rule: None, macip_rule: Some(macip) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(address: &str, len: u32, mac: &str, mask: &str) -> Rule {
        let macip = MacIpRule {
            source_address: address.into(),
            source_address_prefix: len,
            source_mac_address: mac.into(),
            source_mac_address_mask: mask.into(),
        };
        Rule { action: Action::Permit.into(), ip_rule: None, macip_rule: Some(macip) }
    }
    const MAC: &str = "02:00:00:00:00:0a";

    #[test]
    fn what_vpp_tells_is_what_it_was_told() {
        for plain in [
            rule("10.1.1.7", 32, MAC, MAC),
            rule("2001:DB8::7", 64, "02:00:00:00:00:0A", "FF:ff:00:00:00:00"),
        ] {
            let told = to_vpp(&plain).unwrap();
            assert_eq!(to_vpp(&of_vpp(&told)), Ok(told));
        }
    }

    #[test]
    fn what_makes_no_sense_names_the_field() {
        let cases = [
            (rule("", 0, MAC, MAC), "rules.macip_rule.source_address: \"\" is not an IP address"),
            (
                rule("10.0.0.0", 33, MAC, MAC),
                "rules.macip_rule.source_address_prefix: the prefix length of 10.0.0.0 has to be from 0 to 32",
            ),
            (
                rule("::", 129, MAC, MAC),
                "rules.macip_rule.source_address_prefix: the prefix length of :: has to be from 0 to 128",
            ),
            (rule("::", 0, "mac", MAC), "rules.macip_rule.source_mac_address: "),
            (rule("::", 0, MAC, ""), "rules.macip_rule.source_mac_address_mask: "),
            (
                Rule { action: Action::Reflect.into(), ..rule("::", 0, MAC, MAC) },
                "rules.action: a MACIP rule cannot REFLECT",
            ),
            (
                Rule { ip_rule: Some(Default::default()), ..rule("::", 0, MAC, MAC) },
                "rules.ip_rule: there is an IP rule among MACIP rules",
            ),
            (Rule::default(), "rules.macip_rule: neither ip_rule nor macip_rule is given"),
        ];
        for (rule, reason) in cases {
            let text = to_vpp(&rule).unwrap_err().to_string();
            assert!(text.starts_with(reason), "{text:?} is not {reason:?}");
        }
    }
}
