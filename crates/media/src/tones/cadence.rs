//! What callers hear while the other phone rings, or is taken: by country, as `<Dial ringTone>`
//! names them (twiml.md 9).
//!
//! From ITU-T E.180 supplement 2. Where a network has several variants, the one of its largest
//! operator; `us-old` is what was heard before the Precise Tone Plan.

use super::{TONE_PEAK, fade, turn};
use crate::samples_of;

/// What sounds in a cadence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// One sine, in Hz.
    One(u16),
    /// Two sines together.
    Two(u16, u16),
    /// The first, its loudness swinging with the second.
    Beating(u16, u16),
}

use Sound::{Beating, One, Two};

/// A tone that comes and goes for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    /// What is heard.
    pub sound: Sound,
    /// Milliseconds of sound and of silence, in turn; then from the beginning.
    pub steps: &'static [u16],
}

/// Twice in quick succession, as in the United Kingdom and where its equipment went.
const DOUBLE: &[u16] = &[400, 200, 400, 2000];

/// A row: the code, what rings and how, what is busy, and for how long it sounds and pauses.
type Row = (&'static str, Sound, &'static [u16], Sound, &'static [u16]);

const COUNTRIES: &[Row] = &[
    ("at", One(420), &[1000, 5000], One(420), &[400, 400]),
    ("au", Two(400, 450), DOUBLE, One(425), &[375, 375]),
    ("be", One(425), &[1000, 3000], One(425), &[500, 500]),
    ("bg", One(425), &[1000, 4000], One(425), &[500, 500]),
    ("br", One(425), &[1000, 4000], One(425), &[250, 250]),
    ("ch", One(425), &[1000, 4000], One(425), &[500, 500]),
    ("cl", One(400), &[1000, 3000], One(400), &[500, 500]),
    ("cn", One(450), &[1000, 4000], One(450), &[350, 350]),
    ("cz", One(425), &[1000, 4000], One(425), &[330, 330]),
    ("de", One(425), &[1000, 4000], One(425), &[480, 480]),
    ("dk", One(425), &[1000, 4000], One(425), &[500, 500]),
    ("ee", One(425), &[1000, 4000], One(425), &[300, 300]),
    ("es", One(425), &[1500, 3000], One(425), &[200, 200]),
    ("fi", One(425), &[1000, 4000], One(425), &[300, 300]),
    ("fr", One(440), &[1500, 3500], One(440), &[500, 500]),
    ("gr", One(425), &[1000, 4000], One(425), &[300, 300]),
    ("hu", One(425), &[1250, 3750], One(425), &[300, 300]),
    ("il", One(400), &[1000, 3000], One(400), &[500, 500]),
    ("in", Beating(400, 25), DOUBLE, One(400), &[750, 750]),
    ("it", One(425), &[1000, 4000], One(425), &[500, 500]),
    ("jp", Beating(400, 16), &[1000, 2000], One(400), &[500, 500]),
    ("lt", One(425), &[1000, 4000], One(425), &[350, 350]),
    ("mx", One(425), &[1000, 4000], One(425), &[250, 250]),
    ("my", One(425), DOUBLE, One(425), &[500, 500]),
    ("nl", One(425), &[1000, 4000], One(425), &[500, 500]),
    ("no", One(425), &[1000, 4000], One(425), &[500, 500]),
    ("nz", Two(400, 450), DOUBLE, One(400), &[500, 500]),
    ("ph", Two(425, 480), &[1000, 4000], Two(480, 620), &[500, 500]),
    ("pl", One(425), &[1000, 4000], One(425), &[500, 500]),
    ("pt", One(425), &[1000, 5000], One(425), &[500, 500]),
    ("ru", One(425), &[1000, 4000], One(425), &[350, 350]),
    ("se", One(425), &[1000, 5000], One(425), &[250, 250]),
    ("sg", Beating(425, 24), DOUBLE, One(425), &[750, 750]),
    ("th", Beating(400, 50), &[1000, 4000], One(400), &[500, 500]),
    ("tw", Two(440, 480), &[1000, 2000], Two(480, 620), &[500, 500]),
    ("uk", Two(400, 450), DOUBLE, One(400), &[375, 375]),
    ("us", Two(440, 480), &[2000, 4000], Two(480, 620), &[500, 500]),
    ("us-old", Beating(420, 40), &[2000, 4000], Beating(500, 100), &[500, 500]),
    ("ve", One(425), &[1000, 4000], One(425), &[500, 500]),
    ("za", Beating(400, 33), DOUBLE, One(400), &[500, 500]),
];

/// The row of a code; `gb` is another name of `uk`, and what is not known is `us`.
fn row(code: &str) -> &'static Row {
    let code = if code.eq_ignore_ascii_case("gb") { "uk" } else { code };
    let find = |code: &str| COUNTRIES.iter().find(|row| row.0.eq_ignore_ascii_case(code));
    find(code).or_else(|| find("us")).unwrap_or(&COUNTRIES[0])
}

/// What a caller hears while it rings in a country.
pub fn ringback(code: &str) -> Cadence {
    let (_, sound, steps, ..) = *row(code);
    Cadence { sound, steps }
}

/// What a caller hears when the other end is taken.
pub fn busy(code: &str) -> Cadence {
    let (.., sound, steps) = *row(code);
    Cadence { sound, steps }
}

impl Cadence {
    /// Samples until it begins anew.
    pub fn cycle(&self) -> usize {
        self.steps.iter().map(|ms| samples_of(u64::from(*ms))).sum()
    }

    /// The samples from position `at` on; any piece can be asked for, in any order.
    pub fn read(&self, at: usize, to: &mut [i16]) {
        let cycle = self.cycle().max(1);
        for (more, one) in to.iter_mut().enumerate() {
            *one = self.sample((at % cycle + more) % cycle);
        }
    }

    /// One cycle, to be placed as often as it is needed.
    pub fn samples(&self) -> Vec<i16> {
        let mut samples = vec![0; self.cycle()];
        self.read(0, &mut samples);
        samples
    }

    fn sample(&self, mut at: usize) -> i16 {
        for (step, ms) in self.steps.iter().enumerate() {
            let length = samples_of(u64::from(*ms));
            if at < length {
                let heard = step % 2 == 0;
                return if heard {
                    (self.wave(at) * TONE_PEAK * fade(at, length)) as i16
                } else {
                    0
                };
            }
            at -= length;
        }
        0
    }

    fn wave(&self, at: usize) -> f64 {
        let sine = |hz: u16| turn(f64::from(hz), at).sin();
        match self.sound {
            One(hz) => sine(hz),
            Two(a, b) => sine(a) + sine(b),
            Beating(hz, by) => sine(hz) * (1.0 + sine(by)) / 2.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_dial_verb_has_its_row() {
        let codes = "at,au,bg,br,be,ch,cl,cn,cz,de,dk,ee,es,fi,fr,gr,hu,il,in,it,lt,jp,mx,my,nl,\
                     no,nz,ph,pl,pt,ru,se,sg,th,uk,us,us-old,tw,ve,za";
        let mut codes: Vec<&str> = codes.split(',').collect();
        codes.sort_unstable();
        let rows: Vec<&str> = COUNTRIES.iter().map(|row| row.0).collect();
        assert_eq!(rows, codes);
        for (code, _, ring, _, busy) in COUNTRIES {
            assert!(ring.len() % 2 == 0 && busy.len() % 2 == 0, "{code} ends in sound");
        }
    }

    #[test]
    fn what_is_not_known_is_the_united_states() {
        assert_eq!(ringback("xx"), ringback("us"));
        assert_eq!(busy(""), busy("US"));
        assert_eq!(ringback("gb"), ringback("uk"));
        assert_ne!(ringback("us-old"), ringback("us"));
    }

    #[test]
    fn a_cadence_sounds_pauses_and_begins_anew_in_any_piece() {
        let ring = ringback("uk");
        let cycle = ring.samples();
        assert_eq!(cycle.len(), samples_of(3000));
        let loud = |from: u64, to: u64| {
            cycle[samples_of(from)..samples_of(to)].iter().any(|one| *one != 0)
        };
        let heard = [(0, 400), (400, 600), (600, 1000), (1000, 3000)].map(|(a, b)| loud(a, b));
        assert_eq!(heard, [true, false, true, false]);
        let mut piece = [1; 160];
        ring.read(cycle.len() * 1000 - 10, &mut piece);
        assert_eq!(piece[..10], cycle[cycle.len() - 10..]);
        assert_eq!(piece[10..], cycle[..150]);
    }
}
