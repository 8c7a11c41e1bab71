// ANCHOR: height
fn height(wick: f32) -> f32 { wick * 2.5 }
// ANCHOR_END: height

fn line(hour: u8, oil: u32) -> String {
    format!("{hour}: {oil} litres")
}
