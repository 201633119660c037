//! The socket: its own thread, one task per client to read and one to write. A client in the same process needs no
//! socket.

use crate::session::{Session, Shared, Step};
use crate::stats::Socket;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

/// What the owner asks of the thread.
pub(crate) enum Command {
    /// Stop listening; confirmed when the socket is gone.
    Down(Sender<()>),
    /// Listen again.
    Up(Sender<io::Result<()>>),
}

/// Binds; a socket that nobody listens on is replaced.
pub(crate) fn bind(path: &Path) -> io::Result<std::os::unix::net::UnixListener> {
    if std::os::unix::net::UnixStream::connect(path)
        .is_err_and(|e| e.kind() == io::ErrorKind::ConnectionRefused)
    {
        std::fs::remove_file(path)?;
    }
    let listener = std::os::unix::net::UnixListener::bind(path)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves until the owner lets go of `commands`.
pub(crate) async fn run(
    shared: Arc<Shared>,
    path: PathBuf,
    listener: std::os::unix::net::UnixListener,
    mut stats: Option<Socket>,
    mut commands: UnboundedReceiver<Command>,
) -> io::Result<()> {
    let mut listener = Some(UnixListener::from_std(listener)?);
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                None => break,
                Some(Command::Down(done)) => {
                    listener = None;
                    stats = None;
                    remove(&path);
                    // The owner may have stopped waiting.
                    let _ = done.send(());
                }
                Some(Command::Up(done)) => {
                    let bound = bind(&path).and_then(UnixListener::from_std).and_then(|bound| {
                        stats = shared.config.stats_socket.as_deref().map(Socket::bind).transpose()?;
                        listener = Some(bound);
                        Ok(())
                    });
                    let _ = done.send(bound);
                }
            },
            stopped = hand_out(&shared, stats.as_ref()) => {
                if let Err(error) = stopped {
                    tracing::error!(%error, "the simulated VPP cannot hand out its statistics any more");
                }
                stats = None;
            }
            accepted = accept(listener.as_ref()) => match accepted {
                Ok(stream) => {
                    let (read, write) = stream.into_split();
                    tokio::spawn(serve(shared.clone(), read, write));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a client");
                    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                }
            },
        }
    }
    drop(listener);
    remove(&path);
    Ok(())
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::debug!(%error, path = %path.display(), "the socket was gone already");
    }
}

async fn hand_out(shared: &Shared, stats: Option<&Socket>) -> io::Result<()> {
    match stats {
        Some(socket) => socket.serve(shared).await,
        None => std::future::pending().await,
    }
}

async fn accept(listener: Option<&UnixListener>) -> io::Result<UnixStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

/// Serves one client until it or VPP ends.
pub(crate) fn serve<R, W>(
    shared: Arc<Shared>,
    read: R,
    write: W,
) -> impl Future<Output = ()> + Send + use<R, W>
where
    R: AsyncRead + Unpin + Send,
    W: AsyncWrite + Unpin + Send,
{
    // From here on: a restart before the client is served for the first time must end it too.
    let mut generation = shared.generation.subscribe();
    let born = *generation.borrow();
    async move {
        let (sender, receiver) = unbounded_channel();
        let reading = async {
            let mut session = Session::new(&shared, born, sender.clone());
            read_all(&shared, &mut session, read, sender).await;
        };
        tokio::select! {
            biased;
            () = ended(&mut generation) => {}
            // The writer goes on until everything is out, also when there is nothing more to read.
            _ = async { tokio::join!(reading, write_all(write, receiver)) } => {}
        }
    }
}

/// Resolves when VPP has restarted.
async fn ended(generation: &mut watch::Receiver<u64>) {
    // The one who restarts it may be gone.
    let _ = generation.changed().await;
}

async fn read_all(
    shared: &Shared,
    session: &mut Session<'_>,
    mut read: impl AsyncRead + Unpin,
    sender: UnboundedSender<Vec<u8>>,
) {
    let mut input: Vec<u8> = Vec::with_capacity(256 << 10);
    loop {
        match read.read_buf(&mut input).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let mut done = 0;
        loop {
            let mut out = Vec::new();
            let (taken, step) = session.serve(input.get(done..).unwrap_or_default(), &mut out);
            done += taken;
            // If the writer is gone the read fails next.
            if !out.is_empty() {
                let _ = sender.send(out);
            }
            match step {
                Step::Continue => break,
                Step::Wait(time) => tokio::time::sleep(time).await,
                Step::Close => return,
                Step::Restart => {
                    shared.restart();
                    return;
                }
            }
        }
        input.drain(..done);
    }
}

/// Writes until the reader is done and everything is out. VPP keeps for a client whatever it does not fetch, so
/// a client may send all its requests before it reads the first answer.
async fn write_all(mut write: impl AsyncWrite + Unpin, mut chunks: UnboundedReceiver<Vec<u8>>) {
    while let Some(chunk) = chunks.recv().await {
        if write.write_all(&chunk).await.is_err() {
            return;
        }
    }
}
