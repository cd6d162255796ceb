package dev.parley.node.store;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A transaction, or a consistent view, of the database. Statements are prepared once a connection; their text must be a
 * constant. Arguments are Long, Integer, String, byte[], {@link UUID} (16 bytes), {@link Instant} (milliseconds) or null.
 * Confined to the thread of its connection.
 */
public final class Tx {

    /** Makes a value of the current row. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Tx(Connection connection) {
        this.connection = connection;
    }

    /** @return how many rows were changed */
    public int update(String sql, Object... arguments) throws SQLException {
        return run(sql, PreparedStatement::executeUpdate, arguments);
    }

    public <T> List<T> list(String sql, RowMapper<T> mapper, Object... arguments) throws SQLException {
        return run(
                sql,
                statement -> {
                    try (ResultSet rows = statement.executeQuery()) {
                        List<T> all = new ArrayList<>();
                        while (rows.next()) {
                            all.add(mapper.map(rows));
                        }
                        return all;
                    }
                },
                arguments);
    }

    /** The first row. */
    public <T> Optional<T> first(String sql, RowMapper<T> mapper, Object... arguments) throws SQLException {
        return run(
                sql,
                statement -> {
                    try (ResultSet rows = statement.executeQuery()) {
                        return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
                    }
                },
                arguments);
    }

    /** Goes through rows, for as long as the visitor says true. @return whether it said false, and there may be more */
    public boolean scan(String sql, RowMapper<Boolean> visitor, Object... arguments) throws SQLException {
        return run(
                sql,
                statement -> {
                    try (ResultSet rows = statement.executeQuery()) {
                        boolean on = true;
                        while (on && rows.next()) {
                            on = visitor.map(rows);
                        }
                        return !on;
                    }
                },
                arguments);
    }

    /** A number from a query that always has one row; null counts as 0. */
    public long number(String sql, Object... arguments) throws SQLException {
        return first(sql, row -> row.getLong(1), arguments).orElseThrow();
    }

    /** The time of a column, null where it has none. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** The number of a column, empty where it has none. */
    public static OptionalLong optional(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The id of a column, null where it has none. */
    public static UUID uuid(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        if (bytes == null) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** As it is stored: 16 bytes. */
    public static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private interface Execution<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(String sql, Execution<T> execution, Object... arguments) throws SQLException {
        try {
            return execution.of(bound(sql, arguments));
        } catch (SQLException e) {
            // The driver cannot use a statement again that has failed.
            PreparedStatement broken = prepared.remove(sql);
            if (broken != null) {
                broken.close();
            }
            throw e;
        }
    }

    private PreparedStatement bound(String sql, Object... arguments) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case null -> statement.setObject(i + 1, null);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case String text -> statement.setString(i + 1, text);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case UUID id -> statement.setBytes(i + 1, bytes(id));
                case Instant time -> statement.setLong(i + 1, time.toEpochMilli());
                default -> throw new IllegalArgumentException("no column takes a " + arguments[i].getClass());
            }
        }
        return statement;
    }
}
