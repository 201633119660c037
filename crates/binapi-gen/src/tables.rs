//! Our own format: tab-separated tables, one row for all releases that agree. `vppapi/README.md` describes it.

use crate::Error;
use crate::schema::{
    Answer, Body, Field, Header, MessageDef, ReleaseSet, Retval, Schema, TypeDef, parse_shape,
};
use std::fmt::Write;
use std::path::Path;

const MESSAGES: &str = "module\tmessage\tcrc\theader\tanswer\tstatus\treleases\tfields";
const TYPES: &str = "kind\ttype\tbase\treleases\tmembers";
const RETVALS: &str = "retval\tname\twords";

/// The file whose presence tells our format from a directory of `.api.json` files.
pub const MARK: &str = "messages.tsv";

/// Reads the tables of a directory.
pub fn read(dir: &Path) -> Result<Schema, Error> {
    let mut schema = Schema::default();
    let releases = crate::read_file(&dir.join("releases.txt"))?;
    schema.releases =
        releases.lines().filter(|l| !l.trim().is_empty()).map(|l| l.trim().to_owned()).collect();
    if schema.releases.is_empty() || schema.releases.len() > 32 {
        return Err(Error::Row {
            file: dir.join("releases.txt"),
            line: 1,
            reason: "1 to 32 releases are needed".into(),
        });
    }
    let known = schema.releases.clone();
    schema.messages = rows(&dir.join(MARK), MESSAGES, |c| {
        let &[module, name, crc, header, answer, status, releases, fields] = c else { return Err("columns") };
        Ok(MessageDef {
            module: module.to_owned(),
            name: name.to_owned(),
            crc: Some(crc.to_owned()).filter(|c| is_crc(c)).ok_or("crc")?,
            header: Header::parse(header).ok_or("header")?,
            answer: Answer::parse(answer).ok_or("answer")?,
            status: status.to_owned(),
            releases: ReleaseSet::parse(releases, &known).ok_or("releases")?,
            fields: parse_fields(fields)?,
        })
    })?;
    schema.types = rows(&dir.join("types.tsv"), TYPES, |c| {
        let &[kind, name, base, releases, members] = c else { return Err("columns") };
        let body = match kind {
            "type" => Body::Struct(parse_fields(members)?),
            "union" => Body::Union(parse_fields(members)?),
            "alias" => parse_shape(base).map(|(ty, shape)| Body::Alias(ty, shape)).ok_or("base")?,
            "enum" | "enumflag" => Body::Enum {
                base: base.to_owned(),
                flags: kind == "enumflag",
                values: parse_values(members).ok_or("members")?,
            },
            _ => return Err("kind"),
        };
        let releases = ReleaseSet::parse(releases, &known).ok_or("releases")?;
        Ok(TypeDef { name: name.to_owned(), body, releases })
    })?;
    schema.retvals = rows(&dir.join("retvals.tsv"), RETVALS, |c| {
        let &[number, name, words] = c else { return Err("columns") };
        let number = number.parse().map_err(|_| "retval")?;
        Ok(Retval { number, name: name.to_owned(), words: words.to_owned() })
    })?;
    Ok(schema)
}

fn is_crc(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn parse_fields(text: &str) -> Result<Vec<Field>, &'static str> {
    text.split_whitespace().map(|f| Field::parse(f).ok_or("fields")).collect()
}

fn parse_values(text: &str) -> Option<Vec<(String, i64)>> {
    text.split_whitespace()
        .map(|v| {
            let (name, number) = v.split_once('=')?;
            Some((name.to_owned(), number.parse().ok()?))
        })
        .collect()
}

fn rows<T>(
    file: &Path,
    head: &str,
    mut row: impl FnMut(&[&str]) -> Result<T, &'static str>,
) -> Result<Vec<T>, Error> {
    let text = crate::read_file(file)?;
    let bad = |line: usize, reason: String| Error::Row { file: file.to_owned(), line: line + 1, reason };
    let mut lines = text.lines().enumerate();
    if lines.next().map(|(_, l)| l) != Some(head) {
        return Err(bad(0, format!("the first line must name the columns {}", head.replace('\t', ", "))));
    }
    lines
        .filter(|(_, l)| !l.is_empty())
        .map(|(n, l)| {
            let columns: Vec<&str> = l.split('\t').collect();
            row(&columns).map_err(|what| bad(n, format!("cannot read the {what}")))
        })
        .collect()
}

fn join<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
}

/// The files of the format with their content.
pub fn write(schema: &Schema) -> Vec<(&'static str, String)> {
    let show = |set: ReleaseSet| set.show(&schema.releases);
    let mut messages = format!("{MESSAGES}\n");
    for m in &schema.messages {
        let (header, releases, fields) = (m.header.letters(), show(m.releases), join(&m.fields));
        let MessageDef { module, name, crc, answer, status, .. } = m;
        let _ =
            writeln!(messages, "{module}\t{name}\t{crc}\t{header}\t{answer}\t{status}\t{releases}\t{fields}");
    }
    let mut types = format!("{TYPES}\n");
    for t in &schema.types {
        let (kind, base, members) = match &t.body {
            Body::Struct(fields) => ("type", String::new(), join(fields)),
            Body::Union(fields) => ("union", String::new(), join(fields)),
            Body::Alias(ty, shape) => {
                let field =
                    Field { name: String::new(), ty: ty.clone(), shape: shape.clone(), default: None };
                ("alias", field.to_string().split_off(1), String::new())
            }
            Body::Enum { base, flags, values } => {
                let values: Vec<_> = values.iter().map(|(n, v)| format!("{n}={v}")).collect();
                (if *flags { "enumflag" } else { "enum" }, base.clone(), values.join(" "))
            }
        };
        let _ = writeln!(types, "{kind}\t{}\t{base}\t{}\t{members}", t.name, show(t.releases));
    }
    let mut retvals = format!("{RETVALS}\n");
    for r in &schema.retvals {
        let _ = writeln!(retvals, "{}\t{}\t{}", r.number, r.name, r.words);
    }
    let releases = schema.releases.join("\n") + "\n";
    vec![("releases.txt", releases), (MARK, messages), ("types.tsv", types), ("retvals.tsv", retvals)]
}
