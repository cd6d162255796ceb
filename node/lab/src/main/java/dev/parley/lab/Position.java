package dev.parley.lab;

/** What an attacker has before it begins: the rows of THREATS.md. */
public enum Position {
    ON_PATH("on the path", "reads, changes, drops and injects what passes between two nodes"),
    STRANGER("a stranger", "can reach the node's port, and has keys of its own"),
    THIEF("a thief", "has stolen a key, a disk or the memory of a node"),
    PEER("a peer", "is trusted by the node, and abuses it"),
    ON_MACHINE("on the machine", "runs processes on the node's machine, or reads and writes its files");

    private final String title;
    private final String means;

    Position(String title, String means) {
        this.title = title;
        this.means = means;
    }

    /** For people: "on the path". */
    public String title() {
        return title;
    }

    /** What it can do, a phrase. */
    public String means() {
        return means;
    }
}
