//! `Pause`: silence, then the next verb. A call that still rings is answered after it.

use super::Reel;
use crate::calls::script::{Scene, Step};
use twiml::Pause;

pub(super) fn start(pause: &Pause, scene: &mut Scene<'_>) -> Step {
    let mut reel = Reel::default();
    reel.add_pause(pause);
    reel.start(scene.orders)
}
