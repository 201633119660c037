//! Finding what a misspelt name was meant to be.

/// A name longer than this is not compared: no name of the API comes near, and the comparison is quadratic.
const LONGEST: usize = 64;

/// The candidate most similar to `given`, when it is similar enough to be worth suggesting.
///
/// Case, `_` and `-` do not count; an exchange of two neighbours counts as one mistake.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if given.len() > LONGEST {
        return None;
    }
    let wanted = letters(given);
    let tolerated = wanted.len().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (distance(&wanted, &letters(candidate)), candidate))
        .filter(|(distance, _)| *distance <= tolerated)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn letters(name: &str) -> Vec<char> {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Insertions, deletions, substitutions and exchanges of neighbours that turn `a` into `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    // Three rows of the usual table: for the prefixes of `a` that are two shorter, one shorter, and current.
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let substituted = last[j] + usize::from(x != y);
            let mut best = substituted.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_was_meant_and_nothing_far_fetched() {
        let names = ["enabled", "name", "type", "ip_addresses", "phys_address", "mtu", "vrf"];
        for (given, expected) in [
            ("enabeld", Some("enabled")),
            ("Enabled", Some("enabled")),
            ("ipAdresses", Some("ip_addresses")),
            ("IP-addresses", Some("ip_addresses")),
            ("nmae", Some("name")),
            ("mut", Some("mtu")),
            ("completely_else", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, names), expected, "for {given:?}");
        }
        assert_eq!(nearest(&"name".repeat(1000), names), None);
    }

    #[test]
    fn counts_mistakes() {
        let count = |a: &str, b: &str| distance(&letters(a), &letters(b));
        assert_eq!(count("abc", "abc"), 0);
        assert_eq!(count("abc", "acb"), 1);
        assert_eq!(count("abc", ""), 3);
        assert_eq!(count("kitten", "sitting"), 3);
    }
}
