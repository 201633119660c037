//! Names: from VPP's to Rust's.

/// `ip_route_v2` → `IpRouteV2`.
pub fn camel(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}

/// The name of a struct's field; one that is a word of Rust's gets an underscore behind it.
pub fn field(name: &str) -> String {
    const WORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
        "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self",
        "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
        "virtual", "where", "while", "yield",
    ];
    let name = name.to_ascii_lowercase();
    if WORDS.contains(&name.as_str()) { name + "_" } else { name }
}

/// How much all symbols of an enum have in common at their front, up to an underscore; what is left must still be
/// a name.
pub fn common_prefix(symbols: &[&str]) -> usize {
    let Some((first, others)) = symbols.split_first() else { return 0 };
    if others.is_empty() {
        return 0;
    }
    let boundaries = first.match_indices('_').map(|(i, _)| i + 1);
    boundaries
        .filter(|&end| {
            symbols.iter().all(|s| {
                s.get(..end) == first.get(..end)
                    && s.get(end..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_alphabetic()))
            })
        })
        .max()
        .unwrap_or(0)
}

/// The known name nearest to a mistaken one.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.min_by_key(|k| distance(name, k))
}

/// Edit distance (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (cb, pair) in b.iter().zip(row.windows(2)) {
            let left = next.last().copied().unwrap_or_default();
            let (diagonal, up) =
                (pair.first().copied().unwrap_or_default(), pair.last().copied().unwrap_or_default());
            next.push((diagonal + usize::from(ca != *cb)).min(left + 1).min(up + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_rust() {
        assert_eq!(camel("l2_fib_table_details"), "L2FibTableDetails");
        assert_eq!(field("type"), "type_");
        assert_eq!(field("T1"), "t1");
        assert_eq!(common_prefix(&["ADDRESS_IP4", "ADDRESS_IP6"]), "ADDRESS_".len());
        assert_eq!(common_prefix(&["SPEED_1", "SPEED_2"]), 0);
        assert_eq!(common_prefix(&["ONLY_ONE"]), 0);
        assert_eq!(common_prefix(&["A_B_C", "A_B"]), "A_".len());
        assert_eq!(
            nearest("ip_route_ad_del", ["ip_route_add_del", "ip_table_add_del"].into_iter()),
            Some("ip_route_add_del")
        );
    }
}
