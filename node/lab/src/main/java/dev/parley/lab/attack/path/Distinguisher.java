package dev.parley.lab.attack.path;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether two kinds of samples can be told apart. Both measures are 0 where they cannot be, and 1 where one look is enough. Thresholds
 * are for 16 samples or more of each kind.
 */
final class Distinguisher {
    /** From here on answers tell the kinds apart. Two equal kinds of 16 come this far once in some 10 million times. */
    static final double TOLD_APART = 0.8;
    /** From here on answers are too different for chance: once in some 300 times at worst. */
    static final double SUSPICIOUS = 0.5;
    /** From here on times are too different for chance, once in a million times: something is wrong, if not with the node. */
    static final double GROSS = 0.9;

    private Distinguisher() {}

    /** The statistical distance of answers: half the sum over all answers of the difference of their frequencies. */
    static double distance(List<String> some, List<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        double sum = 0;
        for (String each : all) {
            sum += Math.abs(frequency(each, some) - frequency(each, others));
        }
        return sum / 2;
    }

    private static double frequency(String value, List<String> in) {
        return (double) in.stream().filter(value::equals).count() / in.size();
    }

    /**
     * The effect size of the Mann-Whitney rank test, rank-biserial: 1 where each of one kind is slower than all of the other. Only
     * ranks count, so single late answers of a busy machine do not.
     */
    static double effect(List<Long> some, List<Long> others) {
        long wins = 0;
        for (long one : some) {
            for (long other : others) {
                wins += Long.signum(Long.compare(one, other));
            }
        }
        return Math.abs((double) wins / ((double) some.size() * others.size()));
    }
}
