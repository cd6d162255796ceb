package dev.parley.protocol;

/** The end of a session (section 5, "Closing"): our CLOSE, the peer's, and how long we read on. */
final class Closing {
    private final Core core;
    private Ending ending;
    private long deadline = Long.MAX_VALUE;
    private boolean sealed;
    /** Nothing that counts can come any more. */
    private boolean inputOver;

    private boolean deaf;

    Closing(Core core) {
        this.core = core;
    }

    /** CLOSE is queued: it has to be written and answered within this time. */
    void begin(Ending how, long now) {
        ending = how;
        deadline = now + core.settings.timing().closeWait();
    }

    /** Our CLOSE is sealed: half-close, and read on. */
    void sealed(long now) {
        sealed = true;
        deadline = now + core.settings.timing().closeWait();
        core.emit(new ChannelEvent.ShutdownOutput());
        settle();
    }

    /** The peer's CLOSE has opened: nothing more of it is read. */
    void received() {
        inputOver = true;
        deaf = true;
        settle();
    }

    /** Nothing more is read, because the input cannot be followed any further. */
    void deafen() {
        deaf = true;
    }

    boolean deaf() {
        return deaf;
    }

    /** The peer's end of input; false where it came without any CLOSE. */
    boolean endOfInput() {
        if (!sealed && !deaf) {
            return false;
        }
        inputOver = true;
        settle();
        return true;
    }

    void tick(long now) {
        if (now >= deadline) {
            core.end(ending);
        }
    }

    long deadline() {
        return deadline;
    }

    private void settle() {
        if (sealed && inputOver) {
            core.end(ending);
        }
    }
}
