package dev.parley.lab.sim;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * The randomness of the simulated nodes' cryptography, from the seed: fit for nothing else. A native library may draw its own
 * (for RSA padding), so that ciphertexts may differ between two runs of a seed; nothing that happens depends on them.
 */
final class SeededRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient SplittableRandom random;

    SeededRandom(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }

    @Override
    public String getAlgorithm() {
        return "seeded";
    }
}
