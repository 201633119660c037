//! Getting to the socket, and the first words with whoever listens there.

use crate::config::Config;
use crate::dial::{Dial, Line, Unreachable};
use crate::frame::{Decoder, get_message, put_message};
use crate::methods::MessageTable;
use crate::state::Instance;
use binapi::codec::Message;
use binapi::memclnt::{ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply};
use binapi::text::FixedString;
use std::io::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Number of `sockclnt_create`, the one that is the same in every release.
const SOCKCLNT_CREATE: u16 = 15;

/// A VPP that has introduced itself.
pub(crate) struct Peer {
    pub reader: Box<dyn AsyncRead + Send + Unpin>,
    pub writer: Box<dyn AsyncWrite + Send + Unpin>,
    /// Holds what came behind the last message read, normally nothing.
    pub decoder: Decoder,
    pub client_index: u32,
    pub table: MessageTable,
    pub instance: Instance,
}

/// Connects and exchanges the first messages, within the time allowed for both.
pub(crate) async fn meet(config: &Config) -> Result<Peer, Unreachable> {
    let path = config.socket.display();
    let dial = config.dial.clone().unwrap_or_else(|| Dial::unix(&config.socket));
    let mut decoder = Decoder::new(config.message_limit);
    let talk = async {
        let mut line = dial.dial().await?;
        let introduced = introduce(&mut line, &mut decoder, &config.client_name).await;
        let introduced = introduced.map_err(|reason| failed(format!("{path}: {reason}")))?;
        Ok((line, introduced))
    };
    match tokio::time::timeout(config.handshake_timeout, talk).await {
        Ok(Ok((line, Introduction { client_index, table, pid }))) => {
            let Line { reader, writer, started, socket } = line;
            let instance = Instance { pid, started, socket };
            Ok(Peer { reader, writer, decoder, client_index, table, instance })
        }
        Ok(Err(failure)) => Err(with_hint(failure, &decoder)),
        Err(_) => {
            let time = config.handshake_timeout;
            Err(with_hint(failed(format!("{path}: connected, but no answer within {time:?}")), &decoder))
        }
    }
}

fn failed(reason: String) -> Unreachable {
    Unreachable { reason, absent: false }
}

/// Says so if whoever answered looks like VPP's command line: it greets with telnet options or a prompt.
fn with_hint(mut failure: Unreachable, decoder: &Decoder) -> Unreachable {
    let rest = decoder.rest();
    let greeting =
        rest.first() == Some(&0xff) || rest.windows(4).take(4096).any(|w| w == b"vpp#" || w == b"DBGv");
    if greeting {
        failure.reason +=
            "; this looks like VPP's command line, the API socket is the one in its socksvr section";
    }
    failure
}

struct Introduction {
    client_index: u32,
    table: MessageTable,
    pid: u32,
}

/// `sockclnt_create`, then `control_ping` for VPP's process id.
async fn introduce(
    line: &mut Line,
    decoder: &mut Decoder,
    client_name: &str,
) -> Result<Introduction, String> {
    const CONTEXT: u32 = 1;
    let mut out = Vec::new();
    let hello = SockclntCreate { name: FixedString::cut(client_name) };
    put_message(&mut out, SOCKCLNT_CREATE, 0, CONTEXT, &hello);
    write(line, &out).await?;
    let (context, welcome) = get_message::<SockclntCreateReply>(&read(line, decoder).await?)
        .map_err(|e| format!("unreadable answer to sockclnt_create: {e}"))?;
    if context != CONTEXT {
        return Err("the first message is no answer to sockclnt_create; this is not VPP's binary API".into());
    }
    if welcome.response != 0 {
        return Err(format!("VPP refuses the connection with error {}", welcome.response));
    }
    let table = MessageTable::new(welcome.message_table.iter().map(|row| (row.name.as_str(), row.index)));
    let number = |id| table.number(id).ok_or_else(|| format!("VPP's message table lacks {id}"));
    let (ping, answer) = (number(ControlPing::ID)?, number(ControlPingReply::ID)?);
    out.clear();
    put_message(&mut out, ping, welcome.index, CONTEXT, &ControlPing::default());
    write(line, &out).await?;
    let message = read(line, decoder).await?;
    let got = message.first_chunk().map(|n| u16::from_be_bytes(*n));
    if got != Some(answer) {
        return Err(format!("control_ping was answered with message {got:?} instead of {answer}"));
    }
    let (_, reply) = get_message::<ControlPingReply>(&message)
        .map_err(|e| format!("unreadable answer to control_ping: {e}"))?;
    Ok(Introduction { client_index: welcome.index, table, pid: reply.vpe_pid })
}

async fn write(line: &mut Line, bytes: &[u8]) -> Result<(), String> {
    line.writer.write_all(bytes).await.map_err(|e| format!("cannot write: {e}"))
}

async fn read(line: &mut Line, decoder: &mut Decoder) -> Result<Vec<u8>, String> {
    let lost = |e: Error| format!("cannot read: {e}");
    loop {
        if let Some(message) = decoder.next_message().map_err(|e| e.to_string())? {
            return Ok(message.to_vec());
        }
        if line.reader.read_buf(decoder.space()).await.map_err(lost)? == 0 {
            return Err("connected, but the other end closed the connection".into());
        }
    }
}
