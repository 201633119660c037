//! The file itself: opening, appending, compacting.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::disk::{Disk, OnFile};
use super::record::{self, Live, MAGIC, Writer};
use super::{Content, Error, Op, Stored};
use crate::merge::Want;

pub struct LogFile {
    path: PathBuf,
    disk: Box<dyn Disk>,
    /// End of what is known to be good.
    length: u64,
    /// A failed write may have left bytes behind `length`.
    dirty: bool,
    /// Size of the content when it was last measured.
    live: u64,
    compact_above: u64,
}

/// How many bytes were written and are not known to be on disk.
#[must_use]
pub struct Unflushed(u64);

impl LogFile {
    pub fn open(path: &Path, compact_above: u64) -> Result<(LogFile, Content), Error> {
        LogFile::on(Box::new(OnFile::open(path)?), path, compact_above)
    }

    /// The same on any disk; `path` is its name.
    pub fn on(mut disk: Box<dyn Disk>, path: &Path, compact_above: u64) -> Result<(LogFile, Content), Error> {
        let failed =
            |cause: io::Error| Error::Open { path: path.to_owned(), cause: cause.to_string().into() };
        let bytes = disk.read().map_err(failed)?;
        if let Some((known, version)) = MAGIC.split_last().map(|(version, known)| (known, *version))
            && bytes.starts_with(known)
            && let Some(found) = bytes.get(known.len()).filter(|found| **found != version)
            && found.is_ascii_alphanumeric()
        {
            return Err(Error::Version { path: path.to_owned(), version: char::from(*found) });
        }
        let scan = record::scan(&bytes);
        let mut live = Live::default();
        let unreadable = scan.payloads.iter().filter(|payload| !live.apply(payload)).count();
        let mut content = content(&live);
        let size = live.size();
        let mut log = LogFile {
            path: path.to_owned(),
            disk,
            length: scan.torn.unwrap_or(bytes.len()) as u64,
            dirty: scan.torn.is_some(),
            live: size,
            compact_above,
        };
        if let Some(at) = scan.torn.filter(|at| *at > 0) {
            content.problems.push(format!(
                "the store {} ends within a record at offset {at}: the last write was interrupted before it was \
                 acknowledged; the incomplete record was cut off",
                path.display()
            ));
        }
        if !scan.damaged.is_empty() || unreadable > 0 {
            let aside = log.disk.set_aside().map_err(failed)?;
            let ranges: Vec<_> =
                scan.damaged.iter().map(|range| format!("{}-{}", range.start, range.end)).collect();
            content.problems.push(format!(
                "the store {} is damaged (bytes {}; {unreadable} records of unknown form): what stands in its other \
                 records was kept, a copy of the file as it was is {}; configuration sent by gRPC or REST may be \
                 missing or old, so compare it and send it again",
                path.display(),
                if ranges.is_empty() { "none".into() } else { ranges.join(", ") },
                aside.display()
            ));
            log.rewrite(&live).map_err(failed)?;
        } else if log.length == 0 {
            log.rewrite(&live).map_err(failed)?;
        } else {
            log.clean().map_err(failed)?;
            // A process that died may have left what the disk does not have yet; from now on it is relied upon.
            log.disk.flush().map_err(failed)?;
        }
        drop(live);
        drop(bytes);
        log.compact_if_worth()?;
        Ok((log, content))
    }

    /// Appends one record with all of this and waits until it is on disk.
    pub fn append<'a>(&mut self, ops: impl Iterator<Item = &'a Op>) -> Result<(), Error> {
        let written = self.write(ops)?;
        self.flush(written)
    }

    /// Appends one record with all of this; [`LogFile::flush`] must follow.
    pub fn write<'a>(&mut self, ops: impl Iterator<Item = &'a Op>) -> Result<Unflushed, Error> {
        let mut writer = Writer::new();
        ops.for_each(|op| writer.op(op));
        if writer.is_empty() {
            return Ok(Unflushed(0));
        }
        let Some(record) = writer.finish() else {
            return Err(self.write_error(&"more than 4 GiB at once; send it in smaller parts"));
        };
        let result = self.clean().and_then(|()| {
            self.dirty = true;
            self.disk.write(self.length, &record)
        });
        self.unless_failed(result).map(|()| Unflushed(record.len() as u64))
    }

    /// Waits until what was written is on disk.
    pub fn flush(&mut self, Unflushed(bytes): Unflushed) -> Result<(), Error> {
        if bytes == 0 {
            return Ok(());
        }
        let result = self.disk.flush();
        self.unless_failed(result)?;
        self.dirty = false;
        self.length += bytes;
        Ok(())
    }

    /// What was not acknowledged must not appear after a restart.
    fn unless_failed(&mut self, result: io::Result<()>) -> Result<(), Error> {
        result.map_err(|cause| {
            // If this fails as well, the next write tries again.
            let _ = self.clean();
            self.write_error(&cause)
        })
    }

    /// Cuts off what a failed or interrupted write left.
    fn clean(&mut self) -> io::Result<()> {
        if self.dirty {
            self.disk.cut(self.length)?;
            self.dirty = false;
        }
        Ok(())
    }

    /// Rewrites the file without what was replaced or deleted, once that is more than what is left.
    pub fn compact_if_worth(&mut self) -> Result<(), Error> {
        if self.length <= self.live * 2 + self.compact_above {
            return Ok(());
        }
        let compacted = (|| {
            let mut bytes = self.disk.read()?;
            bytes.truncate(self.length as usize);
            let scan = record::scan(&bytes);
            let mut live = Live::default();
            let whole = scan.payloads.iter().all(|payload| live.apply(payload));
            if !whole || scan.torn.is_some() || !scan.damaged.is_empty() {
                // The disk changed what was written well. Keep the file for the next start, which reports it.
                return Err(io::Error::new(
                    ErrorKind::InvalidData,
                    "the file was damaged since it was written",
                ));
            }
            self.live = live.size();
            if self.length <= self.live * 2 + self.compact_above {
                return Ok(());
            }
            self.rewrite(&live)
        })();
        compacted.map_err(|cause| {
            // Not before the file has doubled again: trying at each write would cost more than it saves.
            self.live = self.live.max(self.length);
            self.write_error(&format!("compacting: {cause}"))
        })
    }

    fn rewrite(&mut self, live: &Live<'_>) -> io::Result<()> {
        let bytes = live.write().ok_or_else(|| io::Error::other("more than 4 GiB of configuration"))?;
        self.disk.replace(&bytes)?;
        self.length = bytes.len() as u64;
        self.live = self.length;
        self.dirty = false;
        Ok(())
    }

    /// Puts another disk in the place of this one, so that writes fail.
    #[cfg(test)]
    pub fn fail_into(&mut self, disk: impl Disk + 'static) {
        self.disk = Box::new(disk);
    }

    fn write_error(&self, cause: &dyn std::fmt::Display) -> Error {
        Error::Write { path: self.path.clone(), cause: cause.to_string().into() }
    }
}

fn content(live: &Live<'_>) -> Content {
    let mut values: Vec<_> = live.values.iter().collect();
    values.sort_by_key(|(id, _)| *id);
    let mut problems = Vec::new();
    let values = values.into_iter().map(|((class, name, key), raw)| {
        let want = model::by_proto(raw.model)
            .ok_or_else(|| format!("this agent knows no model {}", raw.model))
            .and_then(|spec| spec.decode(raw.value).map_err(|error| error.to_string()))
            .and_then(|value| match value.key() {
                own if own == *key => Ok(value),
                own => Err(format!("the value belongs to the key {own}")),
            });
        let want = want.map_or_else(
            |reason| {
                let reason = format!("the stored value cannot be used: {reason}");
                problems.push(format!("{key}: {reason}; send it again"));
                Want::Refused(reason.into())
            },
            Want::Put,
        );
        Stored { source: record::source((*class, name)), key: (*key).into(), want, labels: raw.labels() }
    });
    let values = values.collect();
    let mut made: Vec<std::sync::Arc<str>> = live.made.iter().map(|key| (*key).into()).collect();
    made.sort();
    Content { values, made, problems }
}
