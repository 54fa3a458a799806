using System.Diagnostics;
using System.Globalization;

namespace Hypersend.Load.Files;

/// <summary>The published command line, with a home of its own.</summary>
internal sealed class CliProgram(string path, string folder)
{
    public string Folder => folder;

    /// <summary>The most that any run had in memory, in bytes.</summary>
    public long MostResident { get; private set; }

    /// <summary>Runs it to its end; what it wrote to its output.</summary>
    public async Task<string> RunAsync(string? input, params string[] words)
    {
        using var process = Begin(input, words);
        var output = process.StandardOutput.ReadToEndAsync();
        while (!process.HasExited)
        {
            MostResident = Math.Max(MostResident, MostOf(process.Id));
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(20));
        }

        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"hypersend {words[0]} ended with {process.ExitCode}.");
    }

    public async Task<TimeSpan> FirstByteAsync(params string[] words)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Begin(null, words);
        var read = await process.StandardOutput.BaseStream.ReadAsync(new byte[1]);
        var took = Stopwatch.GetElapsedTime(began);
        await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await process.WaitForExitAsync();
        return read == 1 ? took : throw new InvalidOperationException("hypersend wrote nothing.");
    }

    /// <summary>Another program, to its end.</summary>
    public static async Task DoAsync(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true })!;
        await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private Process Begin(string? input, string[] words)
    {
        var start = new ProcessStartInfo(path, words) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["XDG_CONFIG_HOME"] = folder;
        var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return process;
    }

    /// <summary>The high-water mark that the kernel keeps; 0 when it has just gone.</summary>
    private static long MostOf(int process)
    {
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
