package dev.parley.client.attack;

import dev.parley.lab.Catalogue;
import dev.parley.lab.Journal;
import dev.parley.lab.Referee;
import dev.parley.lab.Result;
import java.io.IOException;
import java.util.List;

/** Two nodes of its own, attacked one attack at a time: the lab for other commands. */
public final class Lab implements AutoCloseable {
    private final ProcessStand stand;

    private Lab(ProcessStand stand) {
        this.stand = stand;
    }

    /**
     * Starts the nodes.
     *
     * @param command starts a node in its working directory
     */
    public static Lab open(List<String> command) throws IOException, InterruptedException {
        return new Lab(ProcessStand.create(command, false));
    }

    /**
     * Tries an attack on its control and then on the nodes.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Result judge(String attack) throws InterruptedException {
        return new Referee(Journal.NONE)
                .judge(
                        Catalogue.find(attack)
                                .orElseThrow(() -> new IllegalArgumentException("there is no attack " + attack)),
                        stand);
    }

    @Override
    public void close() {
        stand.close();
    }
}
