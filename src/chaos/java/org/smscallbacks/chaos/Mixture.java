package org.smscallbacks.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Several faults, one after the other, of one gateway. */
final class Mixture implements Fault {

    private final List<Fault> faults;

    Mixture(List<Fault> faults) {
        this.faults = faults;
    }

    @Override
    public void prepare(Home home, Random random) throws Exception {
        for (var fault : faults) {
            fault.prepare(home, random);
        }
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        for (var fault : faults) {
            fault.strike(home, random);
        }
    }

    @Override
    public void recover(Home home) throws Exception {
        for (var fault : faults) {
            fault.recover(home);
        }
    }

    @Override
    public String verdict(Home home, Ledger ledger) throws Exception {
        var words = "";
        for (var fault : faults) {
            words = words.isEmpty() ? fault.verdict(home, ledger) : words;
        }
        return words;
    }

    @Override
    public Map<String, Integer> consumed() {
        var all = new HashMap<String, Integer>();
        faults.forEach(fault -> fault.consumed().forEach((id, times) -> all.merge(id, times, Integer::sum)));
        return all;
    }

    @Override
    public int count() {
        return faults.stream().mapToInt(Fault::count).sum();
    }

    @Override
    public void clean(Home home) throws Exception {
        for (var fault : faults) {
            fault.clean(home);
        }
    }
}
