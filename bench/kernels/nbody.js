// Gravity among five bodies: one step a unit. Masses and the length of a step are slow; places and velocities are state.

export function advance(place, velocity, masses, dt, steps) {
  const count = masses.length;
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        const dx = place[3 * i] - place[3 * j];
        const dy = place[3 * i + 1] - place[3 * j + 1];
        const dz = place[3 * i + 2] - place[3 * j + 2];
        const squared = dx * dx + dy * dy + dz * dz;
        const magnitude = dt / (squared * Math.sqrt(squared));
        velocity[3 * i] -= dx * masses[j] * magnitude;
        velocity[3 * i + 1] -= dy * masses[j] * magnitude;
        velocity[3 * i + 2] -= dz * masses[j] * magnitude;
        velocity[3 * j] += dx * masses[i] * magnitude;
        velocity[3 * j + 1] += dy * masses[i] * magnitude;
        velocity[3 * j + 2] += dz * masses[i] * magnitude;
      }
    }
    for (let i = 0; i < 3 * count; i++) place[i] += dt * velocity[i];
  }
}

const steps = 256;

export default {
  name: "n-body, 5 bodies",
  unit: "step",
  units: steps,
  kernel: advance,
  slow: ["masses", "dt"],
  args: (random, arrays) => [
    random.fill(arrays.float64(15), -20, 20),
    random.fill(arrays.float64(15), -1, 1),
    [39.47841760435743, 0.03769367487038949, 0.011286326131968767, 0.0017237240570597112, 0.0020336868699246304],
    0.001,
    steps,
  ],
  flat: (place, velocity, masses, dt, n) => [place, velocity, Float64Array.from(masses), dt, n],
};
