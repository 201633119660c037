//! What to do about a failure, by the southbound's own name for it.

use std::borrow::Cow;

use sched::Error;

/// What whoever sent a value should do about its failure.
pub fn advice(error: &Error) -> Cow<'static, str> {
    if error.uncertain {
        let text = "whether it took effect is not known; the agent finds out and repairs by itself, \
                    `agentctl why KEY` tells when";
        return text.into();
    }
    match (error.code.and_then(of_code), error.retriable) {
        (Some(advice), true) => format!("{advice}; the agent tries again by itself").into(),
        (Some(advice), false) => advice.into(),
        (None, true) => "the agent tries again by itself; `agentctl why KEY` tells when".into(),
        (None, false) => "change the value, or what it conflicts with, and send it again".into(),
    }
}

/// What to do about a value that cannot be used.
pub const CORRECT: &str = "correct it and send it again; the last good value, if any, stays in force";

/// The advice for a name of the southbound; nothing if the name says too little.
pub fn of_code(code: &str) -> Option<&'static str> {
    let missing =
        ["NO_SUCH_", "NEXT_HOP_", "UNKNOWN_DESTINATION", "SUBIF_DOESNT_EXIST", "CLASSIFY_TABLE_NOT"];
    let gone =
        ["INVALID_SW_IF_INDEX", "INVALID_SUB_SW_IF_INDEX", "NO_MATCHING_INTERFACE", "INVALID_INTERFACE"];
    let taken =
        ["TUNNEL_EXIST", "VALUE_EXIST", "ADDRESS_IN_USE", "ADDRESS_FOUND_FOR", "DUPLICATE_IF_ADDRESS"];
    let full = ["LIMIT_EXCEEDED", "TABLE_TOO_BIG", "EXCEEDED_", "BD_ID_EXCEED_MAX", "INVALID_MEMORY_SIZE"];
    let absent = ["UNSUPPORTED", "UNIMPLEMENTED", "FEATURE_DISABLED", "BFD_NOTSUPP"];
    let starts = |names: &[&str]| names.iter().any(|name| code.starts_with(name));
    let advice = if starts(&gone) {
        "the interface is gone from VPP; run `agentctl config resync` to have it made again"
    } else if starts(&taken) || code.ends_with("_ALREADY_EXISTS") {
        "VPP has another object in its place: remove that one, or give this one another name, number or address"
    } else if starts(&missing) {
        "VPP does not have what the value names: configure that first"
    } else if starts(&full) {
        "VPP has no room left: raise its limits or its memory, or configure less"
    } else if starts(&absent) {
        "this VPP does not offer it: load the plugin in its startup.conf, or leave the setting out"
    } else if code.starts_with("SYSCALL_ERROR") {
        "the host refused it to VPP: look into VPP's log, and at its privileges"
    } else if code.ends_with("BUSY") || code.ends_with("EAGAIN") || code == "QUEUE_FULL" {
        "VPP is busy: wait a little"
    } else if code.contains("IN_USE") {
        "other objects in VPP use it: remove them first"
    } else if code.starts_with("INVALID_") || code.starts_with("IP_PREFIX") {
        "VPP does not accept the value: correct it and send it again"
    } else {
        return None;
    };
    Some(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(code: &'static str) -> Cow<'static, str> {
        advice(&Error { code: Some(code), ..Error::new("VPP refused") })
    }

    #[test]
    fn by_name() {
        assert!(told("NO_SUCH_FIB").contains("configure that first"));
        assert!(told("INVALID_SW_IF_INDEX_2").contains("config resync"));
        assert!(told("INVALID_VALUE_4").contains("correct it"));
        assert!(told("BD_ALREADY_EXISTS").contains("another object"));
        assert!(told("ADDRESS_IN_USE").contains("another object"));
        assert!(told("BD_IN_USE").contains("remove them first"));
        assert!(told("SYSCALL_ERROR_3").contains("log"));
        assert!(told("UNSUPPORTED").contains("startup.conf"));
        assert!(told("UNSPECIFIED").contains("by itself"), "says too little");
    }

    #[test]
    fn without_a_name() {
        assert!(told("BD_IN_USE").ends_with("tries again by itself"));
        let never = Error { code: Some("UNSUPPORTED"), ..Error::permanent("VPP refused") };
        assert!(!advice(&never).contains("tries again"));
        assert!(advice(&Error::new("lost")).contains("tries again"));
        assert!(!advice(&Error::permanent("never")).contains("tries again"));
        let unsure = Error { uncertain: true, code: Some("BD_IN_USE"), ..Error::new("lost reply") };
        assert!(advice(&unsure).contains("not known"));
    }
}
