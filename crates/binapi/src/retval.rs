//! Names of VPP's return values (its `VNET_API_ERROR_` numbers).

use crate::generated::retvals::RETVALS;

fn find(retval: i32) -> Option<(&'static str, &'static str)> {
    let at = RETVALS.binary_search_by_key(&retval, |(number, ..)| *number).ok()?;
    RETVALS.get(at).map(|(_, name, words)| (*name, *words))
}

/// VPP's name of a return value, without `VNET_API_ERROR_`.
pub fn name(retval: i32) -> Option<&'static str> {
    find(retval).map(|(name, _)| name)
}

/// A return value for people: what it means, its name and its number.
pub fn describe(retval: i32) -> String {
    match find(retval) {
        _ if retval >= 0 => format!("success ({retval})"),
        Some((name, words)) => format!("{words} ({name}, {retval})"),
        None => format!("an error that VPP numbers {retval}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_words() {
        assert_eq!(name(-2), Some("INVALID_SW_IF_INDEX"));
        assert_eq!(name(-171), Some("INVALID_PREFIX_LENGTH"));
        assert_eq!(name(-21), None);
        assert_eq!(describe(-120), "the bridge domain has members (BD_IN_USE, -120)");
        assert_eq!(describe(-153), "invalid protocol (INVALID_PROTOCOL, -153)");
        assert_eq!(describe(-9999), "an error that VPP numbers -9999");
        assert_eq!(describe(0), "success (0)");
    }
}
