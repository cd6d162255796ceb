package dev.parley.lab;

import dev.parley.lab.stand.Stand;
import java.util.Set;

/** One attack: what it is, as data, and how it is done, on a control that is weak on purpose and on live nodes. */
public interface Attack {
    Dossier dossier();

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
