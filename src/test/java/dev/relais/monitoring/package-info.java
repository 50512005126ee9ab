/**
 * The rules and the dashboard in {@code src/main/prometheus}: that they ask for meters, labels and values that there are, and are complete.
 * {@code src/bench/dashboard} checks the rules with promtool, runs their tests, and asks a real Prometheus each query.
 */
package dev.relais.monitoring;
