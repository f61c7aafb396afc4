package org.smscallbacks.broker;

import java.time.Instant;

/**
 * A queue as the broker sees it at one moment.
 *
 * @param name the queue's name
 * @param messages how many messages it holds, those under way to a consumer included
 * @param consumers how many consumers are on it
 * @param oldest when the message at its head was put there; null when there is none, all are under
 *     way, or the user may not look
 * @param paused whether the broker delivers nothing from it
 */
public record QueueState(String name, long messages, int consumers, Instant oldest, boolean paused) {}
