using System.Net;
using System.Numerics;
using Hypersend.FaultTests.Processes;
using Hypersend.Server.Platform.Outbound;

namespace Hypersend.ServerTests.Deploy;

/// <summary>The TURN server of compose.cluster.yaml passes on to the open internet and to nothing else, as the server itself does when it fetches something.</summary>
public sealed class TurnPeersTests
{
    private const string Denied = "- --denied-peer-ip=";

    [Fact]
    public void Exactly_what_is_not_public_is_denied()
    {
        var ranges = File.ReadLines(Path.Combine(Repository.Root, "compose.cluster.yaml"))
            .Select(line => line.Trim()).Where(line => line.StartsWith(Denied, StringComparison.Ordinal))
            .Select(line => line[Denied.Length..].Split('-')).Select(ends => (First: Number(ends[0]), Last: Number(ends[^1]))).ToList();
        Assert.True(ranges.Count > 20, $"Only {ranges.Count} ranges were found.");

        // At the ends of each range and just beyond them it shows.
        foreach (var number in ranges.SelectMany(range => new[] { range.First - 1, range.First, range.Last, range.Last + 1 }).Where(IsAddress).Distinct())
            Assert.True(ranges.Exists(range => range.First <= number && number <= range.Last) != PublicAddresses.IsPublic(Address(number)), $"{Address(number)} is public or denied, and not both or neither");
    }

    // Both kinds on one line of numbers: version 4 where version 6 has it, with a place of its own.
    private static readonly BigInteger V4 = BigInteger.One << 128;

    private static BigInteger Number(string text)
    {
        var bytes = IPAddress.Parse(text).GetAddressBytes();
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        return bytes.Length == 4 ? V4 + number : number;
    }

    private static bool IsAddress(BigInteger number) => number >= 0 && number < V4 + (BigInteger.One << 32);

    private static IPAddress Address(BigInteger number)
    {
        var length = number >= V4 ? 4 : 16;
        var bytes = (number >= V4 ? number - V4 : number).ToByteArray(isUnsigned: true, isBigEndian: true);
        var address = new byte[length];
        bytes.CopyTo(address, length - bytes.Length);
        return new IPAddress(address);
    }
}
