using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Hypersend.Bench;

// In this process: a project of its own for each benchmark would have to be restored and built with the house's settings. Without emitted
// code, which would not wait for what a benchmark prepares.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "hypersend-bench-micro"));
Type[] benchmarks = [typeof(FanoutBenchmark), typeof(EventBenchmark), typeof(ClientFrameBenchmark), typeof(ChunkDigestBenchmark), typeof(NewestPageBenchmark)];
var summaries = BenchmarkSwitcher.FromTypes(benchmarks).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
return summaries.All(summary => summary.Reports.Length > 0 && summary.Reports.All(report => report.Success)) ? 0 : 1;
