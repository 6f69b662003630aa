//! Sounds together: sums that stop at the loudest a sample can be.
//!
//! A sum that wrapped around would crackle; one that saturates is merely too loud.

use crate::FRAME_SAMPLES;

/// Adds `other` to `to`, sample by sample, as far as both go.
pub fn add_saturating(to: &mut [i16], other: &[i16]) {
    for (sum, one) in to.iter_mut().zip(other) {
        *sum = sum.saturating_add(*one);
    }
}

/// The sum of many sounds for one piece of at most a frame: saturates once, at the end, so that
/// the order of what is added does not matter.
pub(crate) struct Sum([i32; FRAME_SAMPLES]);

impl Sum {
    pub(crate) fn new() -> Sum {
        Sum([0; FRAME_SAMPLES])
    }

    /// Adds `samples`, the first of them at `at`.
    pub(crate) fn add(&mut self, at: usize, samples: &[i16]) {
        for (sum, one) in self.0[at..].iter_mut().zip(samples) {
            *sum += i32::from(*one);
        }
    }

    /// Writes the first samples of the sum.
    pub(crate) fn write(&self, to: &mut [i16]) {
        for (one, sum) in to.iter_mut().zip(&self.0) {
            *one = (*sum).clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_stops_at_the_loudest_and_at_the_shorter_end() {
        let mut to = [1, i16::MAX, i16::MIN, -5];
        add_saturating(&mut to, &[2, 1, -1]);
        assert_eq!(to, [3, i16::MAX, i16::MIN, -5]);
    }

    #[test]
    fn the_order_of_what_is_added_does_not_matter() {
        let mut sum = Sum::new();
        for one in [i16::MAX, i16::MAX, i16::MIN] {
            sum.add(0, &[one]);
        }
        let mut to = [0];
        sum.write(&mut to);
        assert_eq!(to, [i16::MAX - 1]);
    }
}
