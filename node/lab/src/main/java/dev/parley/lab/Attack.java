package dev.parley.lab;

import dev.parley.lab.control.Control;
import dev.parley.lab.stand.Stand;
import java.util.Set;

/** One attack: what it is, as data, and how it is done, on a control that is weak on purpose and on live nodes. */
public interface Attack {
    Dossier dossier();

    /**
     * The defences that this attack's control can do without: what {@link #againstControl} may be told. The matrix tries it without
     * each of them alone. An attack on a store, a log or an admin socket has a control with other switches, and names those.
     */
    default Set<Defence> concerns() {
        return Control.SWITCHES;
    }

    /**
     * Whether it needs of the node nothing but its address and what a stranger can learn there, so that it can be run on a node that
     * somebody else operates.
     */
    default boolean fromOutside() {
        return false;
    }

    /**
     * Attacks a control of the lab, over real sockets or real files.
     *
     * @param without what the control does without: for a verdict what the dossier says, for the matrix one defence at a time,
     *     or none at all
     * @throws Exception whatever goes wrong: the attack then proves nothing
     */
    Trial againstControl(Set<Defence> without, Journal journal) throws Exception;

    /**
     * Attacks live nodes. May leave them without a session, or stopped; {@link Stand#restore} mends that.
     *
     * @throws Exception whatever goes wrong: the attack then proves nothing
     */
    Trial againstParley(Stand stand, Journal journal) throws Exception;
}
