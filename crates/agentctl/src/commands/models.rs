//! Models by name, and by a pattern of names as a shell has it.

use model::{MODELS, ModelSpec};

use crate::error::Error;

/// The model of this name.
pub fn by_name(name: &str) -> Result<&'static ModelSpec, Error> {
    model::by_name(name).ok_or_else(|| unknown(name))
}

/// The models that may be configured and whose names match one of the patterns, in the order of the table.
/// `all` means each of them.
pub fn matching(patterns: &[String]) -> Result<Vec<&'static ModelSpec>, Error> {
    let models: Vec<_> =
        MODELS.iter().filter(|spec| spec.class == "config").map(|spec| (spec, spec.name(), false)).collect();
    let mut models = models;
    for pattern in patterns {
        let mut found = false;
        for (_, name, chosen) in &mut models {
            if pattern == "all" || matches(pattern, name) {
                found = true;
                *chosen = true;
            }
        }
        if !found {
            return Err(unknown(pattern));
        }
    }
    Ok(models.into_iter().filter(|(_, _, chosen)| *chosen).map(|(spec, _, _)| spec).collect())
}

fn unknown(name: &str) -> Error {
    let names: Vec<String> = MODELS.iter().map(ModelSpec::name).collect();
    // Half a name is the most likely mistake: vpp.acls for vpp.acls.acl.
    let whole = names.iter().find(|whole| whole.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
    let near = || model::nearest(name, names.iter().map(String::as_str));
    let hint = match whole.map(String::as_str).or_else(near) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => "names look like vpp.interfaces; \"all\" is every model".to_string(),
    };
    Error::Usage(format!("there is no model \"{name}\"; {hint}"))
}

/// Whether the name matches the pattern: `*` is any text, `?` any character, `[a-c]` and `[!a-c]` one of a set.
fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut in_name) = (0, 0);
    // Where the last star was and how much it has swallowed: going back there once is enough, as a later star
    // can swallow all that an earlier one could.
    let mut star: Option<(usize, usize)> = None;
    while in_name < name.len() {
        let step = match (pattern.get(at), name.get(in_name)) {
            (Some('*'), _) => {
                star = Some((at + 1, in_name));
                at += 1;
                continue;
            }
            (Some('?'), _) => Some(1),
            (Some('['), Some(character)) => set(pattern.get(at..).unwrap_or_default(), *character),
            (Some(expected), Some(character)) if expected == character => Some(1),
            _ => None,
        };
        match (step, star) {
            (Some(length), _) => {
                at += length;
                in_name += 1;
            }
            (None, Some((after, swallowed))) => {
                at = after;
                in_name = swallowed + 1;
                star = Some((after, swallowed + 1));
            }
            (None, None) => return false,
        }
    }
    pattern.iter().skip(at).all(|character| *character == '*')
}

/// The length of the set at the start of the pattern if the character is in it. A set without end matches nothing.
fn set(pattern: &[char], character: char) -> Option<usize> {
    let end = pattern.iter().position(|end| *end == ']')?;
    let inside = pattern.get(1..end)?;
    let (negated, inside) = match inside {
        ['!' | '^', rest @ ..] => (true, rest),
        _ => (false, inside),
    };
    let mut found = false;
    let mut rest = inside;
    while let Some((first, after)) = rest.split_first() {
        rest = match after {
            ['-', last, after @ ..] => {
                found |= (*first..=*last).contains(&character);
                after
            }
            _ => {
                found |= *first == character;
                after
            }
        };
    }
    (found != negated).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_a_shell() {
        for (pattern, name, expected) in [
            ("vpp.*", "vpp.interfaces", true),
            ("vpp.*", "linux.interfaces", false),
            ("*.interfaces", "vpp.interfaces", true),
            ("*a*b*c*", "xaxbxcx", true),
            ("*a*b*c*", "xaxcxbx", false),
            ("vpp.a?p", "vpp.arp", true),
            ("vpp.[a-c]rp", "vpp.arp", true),
            ("vpp.[!a-c]rp", "vpp.arp", false),
            ("vpp.[xa]rp", "vpp.arp", true),
            ("vpp.[arp", "vpp.arp", false),
            ("", "", true),
            ("*", "", true),
            ("?", "", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn models_are_found_once_and_in_order() {
        let all = matching(&["all".to_string()]).unwrap();
        assert!(all.len() > 40 && all.iter().all(|spec| spec.class == "config"));
        let some =
            matching(&["vpp.l2.*".to_string(), "vpp.l2.fib".to_string(), "vpp.arp".to_string()]).unwrap();
        let names: Vec<String> = some.iter().map(|spec| spec.name()).collect();
        assert_eq!(names.len(), 4, "{names:?}");
        let order: Vec<usize> = some
            .iter()
            .map(|spec| MODELS.iter().position(|other| other.name() == spec.name()).unwrap())
            .collect();
        assert!(order.is_sorted());
    }

    #[test]
    fn an_unknown_model_is_refused_with_the_nearest() {
        let error = matching(&["vpp.interface".to_string()]).unwrap_err().to_string();
        assert_eq!(error, "there is no model \"vpp.interface\"; did you mean vpp.interfaces?");
        assert!(by_name("vpp.route").is_ok());
        let error = by_name("vpp.acls").unwrap_err().to_string();
        assert_eq!(error, "there is no model \"vpp.acls\"; did you mean vpp.acls.acl?");
        assert!(by_name("nothing like it").unwrap_err().to_string().contains("vpp.interfaces"));
    }
}
