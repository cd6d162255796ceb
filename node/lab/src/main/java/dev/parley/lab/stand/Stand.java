package dev.parley.lab.stand;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Two live nodes, alice and bob, that have verified each other, and whatever else an attack needs around them. */
public interface Stand {
    LiveNode alice();

    LiveNode bob();

    /** All nodes there are, those that attacks have added among them. */
    List<LiveNode> nodes();

    /** The node of this name. @throws IllegalArgumentException if there is none */
    LiveNode node(String name);

    /**
     * Starts one more node, which knows nobody and nobody knows. It goes when the attack is over.
     *
     * @param settings environment variables, on top of the stand's own
     */
    LiveNode add(String name, Map<String, String> settings) throws IOException, InterruptedException;

    /**
     * Ends what sessions alice and bob have with each other, and has alice dial an address instead of bob's, where he is expected
     * to be.
     *
     * @param through bob's address, or that of a relay in front of him
     * @return the session's id, once it is up at both ends
     * @throws IOException if no session comes up
     */
    String meet(InetSocketAddress through) throws IOException, InterruptedException;

    /**
     * Has alice dial as in {@link #meet}, and does not wait for a session.
     *
     * @return the code of the problem that the dial ended with, "up" if it did not
     */
    String dial(InetSocketAddress through) throws IOException, InterruptedException;

    /**
     * Sends a text and waits until it is delivered.
     *
     * @return the message's id
     * @throws IOException if it is not delivered in time
     */
    String deliver(LiveNode from, LiveNode to, String text) throws IOException, InterruptedException;

    /** The texts that a node has of a peer, oldest first. */
    List<String> received(LiveNode at, LiveNode from) throws IOException;

    /** Both nodes run, and have one session with each other, with no relay between them; added nodes are gone. */
    void restore() throws IOException, InterruptedException;

    /** A message each way between alice and bob, delivered. @throws IOException if it is not */
    void exchange() throws IOException, InterruptedException;

    /** A directory of the attack's own. */
    Path directory() throws IOException;
}
