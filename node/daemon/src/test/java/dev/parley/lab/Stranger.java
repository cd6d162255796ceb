package dev.parley.lab;

/** Stands for the attack lab in the test of the architecture's rules. */
public final class Stranger {
    /** Not a constant expression, so that the compiler keeps the reference. */
    public static final Object NAME = new Object();

    private Stranger() {}
}
