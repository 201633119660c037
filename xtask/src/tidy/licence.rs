//! Licence expressions, such as `MIT OR Apache-2.0 WITH LLVM-exception`, against a list of allowed licences.

/// Whether the expression can be satisfied with allowed licences alone. An error says what cannot be read.
///
/// `AND` binds stronger than `OR`; `/`, an old spelling, means `OR`. A licence with an exception is
/// allowed if the whole (`Apache-2.0 WITH LLVM-exception`) or the licence alone is on the list, as an
/// exception only gives further rights.
pub fn satisfied(expression: &str, allowed: &[String]) -> Result<bool, String> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = Words { words: spaced.split_whitespace().collect(), next: 0, allowed };
    let answer = words.any().ok_or_else(|| format!("cannot read the licence expression \"{expression}\""))?;
    if words.next == words.words.len() {
        Ok(answer)
    } else {
        Err(format!("cannot read the licence expression \"{expression}\""))
    }
}

struct Words<'a> {
    words: Vec<&'a str>,
    next: usize,
    allowed: &'a [String],
}

impl<'a> Words<'a> {
    /// Takes the next word if it is this one.
    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.next) == Some(&word);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.next).copied()?;
        self.next += 1;
        Some(word)
    }

    fn any(&mut self) -> Option<bool> {
        let mut answer = self.all()?;
        while self.take("OR") {
            answer |= self.all()?;
        }
        Some(answer)
    }

    fn all(&mut self) -> Option<bool> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Some(answer)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let answer = self.any()?;
            return self.take(")").then_some(answer);
        }
        let licence = self.word().filter(|word| !["OR", "AND", "WITH", ")"].contains(word))?;
        let mut answer = self.allowed.iter().any(|allowed| allowed == licence);
        if self.take("WITH") {
            let whole = format!("{licence} WITH {}", self.word()?);
            answer |= self.allowed.contains(&whole);
        }
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_weighed() {
        let allowed =
            ["MIT".to_string(), "Unicode-3.0".to_string(), "GPL-2.0 WITH Classpath-exception".to_string()];
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0/MIT", true),
            ("GPL-3.0 AND MIT", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("MIT OR Apache-2.0 AND BSD-3-Clause", true),
            ("(MIT OR Apache-2.0) AND BSD-3-Clause", false),
            ("MIT WITH LLVM-exception", true),
            ("GPL-2.0 WITH Classpath-exception", true),
            ("GPL-2.0", false),
        ] {
            assert_eq!(satisfied(expression, &allowed), Ok(expected), "{expression}");
        }
    }

    #[test]
    fn nonsense_is_an_error() {
        for expression in ["", "MIT OR", "(MIT", "MIT MIT", "AND", "MIT WITH", ")"] {
            assert!(satisfied(expression, &[]).is_err(), "{expression}");
        }
    }
}
