package dev.parley.node.boot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of PromQL that dashboards and rules use: selectors with matchers and ranges, functions, aggregations with {@code by},
 * binary operators, {@code on} with them. Whatever else there is, is an error, so that nothing is passed over.
 */
final class PromQl {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:([a-zA-Z_:][a-zA-Z0-9_:]*)|([0-9]+(?:\\.[0-9]+)?(?:e[0-9]+)?)|(\"(?:[^\"\\\\]|\\\\.)*\")|(\\$\\{?[a-z_]+}?)|(=~|!~|!=|==|>=|<=|[-+*/(){}\\[\\],=<>]))");
    private static final Set<String> AGGREGATIONS = Set.of("sum", "min", "max", "avg", "count");
    private static final Set<String> FUNCTIONS = Set.of(
            "rate",
            "increase",
            "histogram_quantile",
            "time",
            "absent",
            "changes",
            "max_over_time",
            "min_over_time",
            "clamp_min",
            "abs",
            "delta",
            "deriv",
            "label_values",
            "vector");
    private static final Set<String> OPERATORS =
            Set.of("+", "-", "*", "/", ">", "<", ">=", "<=", "==", "!=", "and", "or", "unless");

    /** One metric that is asked for, and the labels that it must have. */
    record Selector(String metric, Set<String> labels) {}

    /** What an expression gives: the selectors it needs, and the labels that its result has. */
    record Query(List<Selector> selectors, Set<String> labels) {}

    private final List<String> tokens = new ArrayList<>();
    private final List<Selector> selectors = new ArrayList<>();
    private int at;

    private PromQl(String text) {
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (end < text.strip().length()) {
            if (!token.find(end) || token.start() != end) {
                throw new IllegalArgumentException("no PromQL at " + text.substring(end));
            }
            tokens.add(token.group().strip());
            end = token.end();
        }
    }

    static Query parse(String text) {
        var parser = new PromQl(text.strip());
        Set<String> labels = parser.expression();
        if (parser.at < parser.tokens.size()) {
            throw new IllegalArgumentException("what is " + parser.peek() + " in " + text);
        }
        return new Query(List.copyOf(parser.selectors), labels);
    }

    private Set<String> expression() {
        Set<String> left = operand();
        while (OPERATORS.contains(peek().toLowerCase(Locale.ROOT))) {
            at++;
            take("bool");
            Set<String> matched = peek().equals("on") ? by() : Set.of();
            Set<String> right = operand();
            if (!left.containsAll(matched) || !right.containsAll(matched)) {
                throw new IllegalArgumentException("on " + matched + ", which not both sides have");
            }
            left = left.isEmpty() ? right : left;
        }
        return left;
    }

    private Set<String> operand() {
        String token = next();
        if (token.equals("(")) {
            Set<String> inner = expression();
            expect(")");
            return inner;
        }
        if (token.equals("-")) {
            return operand();
        }
        if (Character.isDigit(token.charAt(0)) || token.startsWith("\"")) {
            return Set.of();
        }
        if (AGGREGATIONS.contains(token)) {
            return aggregation();
        }
        if (FUNCTIONS.contains(token)) {
            return arguments(token);
        }
        if (!Character.isLetter(token.charAt(0)) || peek().equals("(")) {
            throw new IllegalArgumentException("not known: " + token);
        }
        return selector(token);
    }

    private Set<String> aggregation() {
        Set<String> by = peek().equals("by") ? by() : null;
        Set<String> inner = arguments("sum");
        by = by == null && peek().equals("by") ? by() : by;
        Set<String> kept = by == null ? Set.of() : by;
        // What is kept must be there.
        kept.stream().filter(label -> !inner.contains(label)).findFirst().ifPresent(missing -> {
            throw new IllegalArgumentException("by " + missing + ", which is no label of " + selectors.getLast());
        });
        return kept;
    }

    private Set<String> by() {
        at++;
        expect("(");
        Set<String> labels = new LinkedHashSet<>();
        while (!take(")")) {
            labels.add(next());
            take(",");
        }
        return labels;
    }

    private Set<String> arguments(String function) {
        expect("(");
        Set<String> labels = Set.of();
        while (!take(")")) {
            Set<String> each = expression();
            labels = each.isEmpty() ? labels : each;
            take(",");
        }
        if (function.equals("histogram_quantile")) {
            if (!labels.contains("le")) {
                throw new IllegalArgumentException("a quantile needs the label le");
            }
            labels = new TreeSet<>(labels);
            labels.remove("le");
        }
        return labels;
    }

    private Set<String> selector(String metric) {
        Set<String> labels = new LinkedHashSet<>();
        if (take("{")) {
            while (!take("}")) {
                labels.add(next());
                if (!Set.of("=", "=~", "!=", "!~").contains(next())) {
                    throw new IllegalArgumentException("no matcher in " + metric);
                }
                if (!next().startsWith("\"")) {
                    throw new IllegalArgumentException("a matcher without a text in " + metric);
                }
                take(",");
            }
        }
        if (take("[")) {
            while (!take("]")) {
                next();
            }
        }
        selectors.add(new Selector(metric, labels));
        return Exposed.labels(metric);
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private String next() {
        if (at == tokens.size()) {
            throw new IllegalArgumentException("it ends too early: " + tokens);
        }
        return tokens.get(at++);
    }

    private boolean take(String token) {
        boolean there = peek().equals(token);
        at += there ? 1 : 0;
        return there;
    }

    private void expect(String token) {
        if (!take(token)) {
            throw new IllegalArgumentException("expected " + token + " and found " + peek());
        }
    }
}
