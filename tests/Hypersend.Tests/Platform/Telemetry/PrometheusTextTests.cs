using System.Buffers;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Hypersend.Server.Platform.Telemetry;

namespace Hypersend.Tests.Platform.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private static int _last;

    // Meters are seen by the whole process: each test has a prefix of its own.
    private readonly Meter _meter = new($"Test{Interlocked.Increment(ref _last)}.Part");
    private readonly PrometheusText _text;

    public PrometheusTextTests() => _text = new PrometheusText(_meter.Name[..^4]);

    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counters_add_up_and_end_in_total()
    {
        var sent = _meter.CreateCounter<long>("hypersend.messages.sent", "{message}", "Messages sent.\nAll \\ of them.");
        sent.Add(2);
        sent.Add(3);
        sent.Add(1, new KeyValuePair<string, object?>("chat.kind", "group"));
        var sample = Scrape();
        Assert.Equal("counter", sample.Types["hypersend_messages_sent_total"]);
        Assert.Equal(@"Messages sent.\nAll \\ of them.", sample.Helps["hypersend_messages_sent_total"]);
        Assert.Equal(5, sample.Values["hypersend_messages_sent_total{}"]);
        Assert.Equal(1, sample.Values["hypersend_messages_sent_total{chat_kind=group}"]);
        Assert.Equal(5, Scrape().Values["hypersend_messages_sent_total{}"]);
    }

    [Fact]
    public void Units_become_suffixes_once()
    {
        _meter.CreateCounter<long>("a", "By").Add(1);
        _meter.CreateCounter<long>("b_bytes_total", "By").Add(1);
        _meter.CreateCounter<long>("c_total", "s").Add(1);
        _meter.CreateHistogram<double>("d.duration", "s").Record(1);
        _meter.CreateHistogram<double>("e_seconds", "s").Record(1);
        _meter.CreateGauge<int>("f-g h..i", "1").Record(1);
        _meter.CreateGauge<int>("9lives", "{life}").Record(1);
        Assert.Equal(
            ["_9lives", "a_bytes_total", "b_bytes_total", "c_seconds_total", "d_duration_seconds", "e_seconds", "f_g_h_i"],
            Scrape().Types.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Up_down_counters_and_gauges_are_gauges()
    {
        var open = _meter.CreateUpDownCounter<int>("sockets");
        open.Add(5);
        open.Add(-2);
        var level = _meter.CreateGauge<double>("level");
        level.Record(7);
        level.Record(double.PositiveInfinity);
        var sample = Scrape();
        Assert.Equal(("gauge", "gauge"), (sample.Types["sockets"], sample.Types["level"]));
        Assert.Equal(3, sample.Values["sockets{}"]);
        Assert.Equal(double.PositiveInfinity, sample.Values["level{}"]);
    }

    [Fact]
    public void Observed_values_are_asked_at_each_scrape_and_vanish_when_nobody_reports_them()
    {
        var queues = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 };
        _meter.CreateObservableGauge("queue", () => queues.Select(it => new Measurement<int>(it.Value, new KeyValuePair<string, object?>("name", it.Key))));
        var total = 10L;
        _meter.CreateObservableCounter("collected", () => total);
        var sample = Scrape();
        Assert.Equal((1, 2, 10), (sample.Values["queue{name=a}"], sample.Values["queue{name=b}"], sample.Values["collected_total{}"]));
        queues.Remove("a");
        total = 12;
        sample = Scrape();
        Assert.False(sample.Values.ContainsKey("queue{name=a}"));
        Assert.Equal(12, sample.Values["collected_total{}"]);
    }

    [Fact]
    public void A_gauge_that_throws_does_not_hide_the_others()
    {
        Func<int> broken = () => throw new InvalidOperationException();
        _meter.CreateObservableGauge("broken", broken);
        _meter.CreateCounter<int>("fine").Add(1);
        Assert.Contains("fine_total 1\n", _text.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_have_cumulative_buckets_a_sum_and_a_count()
    {
        var took = _meter.CreateHistogram("took", "s", null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 10] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 5, 50, double.NaN })
            took.Record(value, new KeyValuePair<string, object?>("le", "x"));
        var sample = Scrape();
        Assert.Equal("histogram", sample.Types["took_seconds"]);
        Assert.Equal([2, 3, 4, 5], new[] { "0.1", "1", "10", "+Inf" }.Select(le => (int)sample.Values[$"took_seconds_bucket{{tag_le=x,le={le}}}"]));
        Assert.Equal(5, sample.Values["took_seconds_count{tag_le=x}"]);
        Assert.Equal(55.65, sample.Values["took_seconds_sum{tag_le=x}"], 9);
    }

    [Fact]
    public void Any_label_value_comes_back_unharmed()
    {
        var counter = _meter.CreateCounter<int>("odd");
        string[] values = ["", "a\"b", "a\\b", "a\nb", "\\n", "{}=,", "नमस्ते 👋"];
        foreach (var value in values)
            counter.Add(1, new KeyValuePair<string, object?>("v", value));
        counter.Add(1, new KeyValuePair<string, object?>("v", null), new("n", 5), new("b", true));
        var sample = Scrape();
        Assert.All(values, value => Assert.Equal(1, sample.Values[$"odd_total{{v={value}}}"]));
        Assert.Equal(1, sample.Values["odd_total{b=True,n=5,v=}"]);
    }

    [Fact]
    public void The_order_of_tags_does_not_make_another_series()
    {
        var counter = _meter.CreateCounter<int>("c");
        counter.Add(1, new KeyValuePair<string, object?>("a", 1), new("b", 2));
        counter.Add(1, new KeyValuePair<string, object?>("b", 2), new("a", 1));
        Assert.Equal(2, Assert.Single(Scrape().Values).Value);
    }

    [Fact]
    public void A_thousand_label_sets_are_kept_and_the_rest_is_one_overflow()
    {
        var counter = _meter.CreateCounter<long>("c");
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 10_000; i++)
                counter.Add(1, new KeyValuePair<string, object?>("user", i));
        }
        var sample = Scrape();
        Assert.Equal(1_001, sample.Values.Count);
        Assert.Equal(18_000, sample.Values["c_total{overflow=true}"]);
        Assert.Equal(20_000, sample.Values.Values.Sum());
    }

    [Fact]
    public void Meters_of_other_prefixes_and_second_meanings_of_a_name_are_left_out()
    {
        using var other = new Meter("Other" + _meter.Name);
        other.CreateCounter<int>("foreign").Add(1);
        _meter.CreateCounter<int>("same_total").Add(1);
        _meter.CreateGauge<int>("same_total").Record(7);
        var (name, value) = Assert.Single(Scrape().Values);
        Assert.Equal(("same_total{}", 1), (name, value));
    }

    [Fact]
    public async Task Parallel_measurements_are_all_counted()
    {
        var counter = _meter.CreateCounter<long>("c");
        var histogram = _meter.CreateHistogram<double>("h");
        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, (worker, _) =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("k", (i % 50).ToString(CultureInfo.InvariantCulture)));
                histogram.Record(1);
                if (i % 5_000 == 0)
                    _text.Render();
            }
            return ValueTask.CompletedTask;
        });
        var sample = Scrape();
        Assert.Equal(160_000, sample.Values.Where(it => it.Key.StartsWith("c_total", StringComparison.Ordinal)).Sum(it => it.Value));
        Assert.Equal((160_000, 160_000), (sample.Values["h_count{}"], sample.Values["h_sum{}"]));
    }

    [Fact]
    public void A_measurement_of_a_known_tag_set_allocates_nothing()
    {
        var counter = _meter.CreateCounter<long>("c");
        var histogram = _meter.CreateHistogram<double>("h", "s");
        object status = 200;
        Measure(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("route", "/messages"), new("status", status));
                histogram.Record(0.02, new KeyValuePair<string, object?>("route", "/messages"));
            }
        }
    }

    [Fact]
    public void What_is_written_is_what_is_rendered()
    {
        _meter.CreateCounter<int>("c").Add(1);
        var buffer = new ArrayBufferWriter<byte>();
        _text.Write(buffer);
        Assert.Equal(_text.Render(), Encoding.UTF8.GetString(buffer.WrittenSpan));
        Assert.Equal("text/plain; version=0.0.4", PrometheusText.ContentType);
    }

    private PrometheusSample Scrape() => PrometheusSample.Parse(_text.Render());
}
