package dev.parley.node.trace;

import java.util.Optional;

/** Something that takes time, a span where it is traced. {@link #end} it once; from any thread. One that never ends is not exported. */
public interface Step {

    /** What is not traced. Costs nothing. */
    Step NONE = new Step() {
        @Override
        public Optional<TraceContext> context() {
            return Optional.empty();
        }

        @Override
        public Step put(String name, Object value) {
            return this;
        }

        @Override
        public Step put(String name, long value) {
            return this;
        }

        @Override
        public Step failed() {
            return this;
        }

        @Override
        public void end() {}
    };

    /** Where what it causes hangs; empty where it is not traced. */
    Optional<TraceContext> context();

    /** @param value an id or one of a few words, no content; its {@code toString} is called only where it is traced */
    Step put(String name, Object value);

    Step put(String name, long value);

    /** It did not do what it was for; why is in net.log. */
    Step failed();

    void end();
}
