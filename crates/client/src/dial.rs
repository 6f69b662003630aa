//! From a host to a connection: resolve, ask the guard, connect, shake hands.
//!
//! The only place in the house that opens connections to customer addresses. A name is resolved
//! once per dial, and the guard is asked about exactly the addresses that are then dialled.
//! Contract: spec/webhooks.md 1.6 and 4.1; DESIGN law 4.

use std::io;
use std::net::{IpAddr, SocketAddr};

use exchange::webhooks::failure::Failure;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use crate::budget::Budget;
use crate::pool::Place;
use crate::settings::House;
use crate::tls;
use crate::wire::{Stream, Wire};

/// Addresses of one name that are tried.
const ADDRESSES_MAX: usize = 8;

/// Opens a connection to a place within the budget's connect timeout; a TLS handshake has the
/// read timeout on top.
pub(crate) async fn dial(house: &House, place: &Place, budget: &Budget) -> Result<Wire, Failure> {
    let end = budget.connect_end();
    let addresses = match timeout_at(end, resolve(house, place)).await {
        Ok(resolved) => permitted(house, place, resolved?)?,
        Err(_) => return Err(budget.not_connected()),
    };
    let (stream, remote) = connect(&addresses, end, budget).await?;
    // Requests are written in one piece; waiting to fill packets only delays them.
    let _ = stream.set_nodelay(true);
    let stream = match place.tls {
        None => Stream::Plain(stream),
        Some(mode) => {
            let handshake = house.tls.connect(mode, &place.host, stream);
            match timeout_at(budget.read_end(Instant::now()), handshake).await {
                Ok(stream) => Stream::Tls(stream?),
                Err(_) if budget.left_ms() == 0 => return Err(budget.used_up()),
                Err(_) => return Err(Failure::TlsHandshake("no answer in time".to_owned())),
            }
        }
    };
    Wire::new(stream, remote).await
}

async fn resolve(house: &House, place: &Place) -> Result<Vec<SocketAddr>, Failure> {
    let Place { host, port, .. } = place;
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, *port)]);
    }
    let name = host.trim_end_matches('.');
    let fixed = house.hosts.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut addresses: Vec<SocketAddr> =
        fixed.map(|(_, address)| SocketAddr::new(*address, *port)).take(ADDRESSES_MAX).collect();
    if addresses.is_empty() {
        match lookup_host((host.as_str(), *port)).await {
            Ok(found) => addresses.extend(found.take(ADDRESSES_MAX)),
            Err(error) => return Err(Failure::HostName(format!("{host}: {error}"))),
        }
    }
    if addresses.is_empty() {
        return Err(Failure::HostName(host.clone()));
    }
    Ok(addresses)
}

/// The addresses that may be dialled; the first refusal if there is none.
fn permitted(
    house: &House,
    place: &Place,
    addresses: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, Failure> {
    if place.mapped {
        return Ok(addresses);
    }
    let mut permitted = Vec::with_capacity(addresses.len());
    let mut refused = None;
    for address in addresses {
        match house.guard.permits(&place.host, address.ip()) {
            Ok(()) => permitted.push(address),
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    match refused {
        Some(refusal) if permitted.is_empty() => Err(Failure::Refused(Box::new(refusal))),
        _ => Ok(permitted),
    }
}

/// Tries the addresses in turn, each with its share of the time that is left.
async fn connect(
    addresses: &[SocketAddr],
    end: Instant,
    budget: &Budget,
) -> Result<(TcpStream, SocketAddr), Failure> {
    let mut failure = None;
    for (tried, address) in addresses.iter().enumerate() {
        let now = Instant::now();
        let shares = u32::try_from(addresses.len() - tried).unwrap_or(1);
        let share = end.saturating_duration_since(now) / shares;
        let this = match timeout_at(now + share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, *address)),
            Ok(Err(error)) => not_connected(&error),
            Err(_) => budget.not_connected(),
        };
        // A timeout says more than a refusal, a refusal more than "unreachable".
        if failure.as_ref().is_none_or(|known| rank(&this) > rank(known)) {
            failure = Some(this);
        }
    }
    Err(failure.unwrap_or_else(|| Failure::HostName("no address".to_owned())))
}

fn rank(failure: &Failure) -> u8 {
    match failure {
        Failure::TotalTimeout { .. } => 3,
        Failure::ConnectTimeout { .. } => 2,
        Failure::ConnectRefused => 1,
        _ => 0,
    }
}

fn not_connected(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Failure::ConnectRefused,
        _ => Failure::Connect(tls::describe(error)),
    }
}
