using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Auth.Passwords;

/// <summary>Peppered bcrypt: <c>hs1$pepper id$bcrypt(base64(HMAC-SHA-384(pepper, utf8(NFC(password)))))</c>.</summary>
internal sealed class PasswordHasher : IDisposable
{
    public const int DefaultQueueLimit = 200;
    private const string Scheme = "hs1";
    private readonly PepperRing _peppers;
    private readonly int _cost;
    private readonly HashingThreads _threads;
    private readonly string _nobody;
    private readonly Meter _meter = new("Hypersend.Accounts");
    private readonly Histogram<double> _seconds;
    private long _rounds;

    public PasswordHasher(PepperRing peppers, int cost, int threads, int queueLimit = DefaultQueueLimit)
    {
        _peppers = peppers;
        _cost = cost;
        _nobody = Bcrypt.NewSetting(cost);
        _seconds = _meter.CreateHistogram<double>("hypersend_password_hash_seconds", "s", "Time one password hash took on its thread.");
        _threads = new HashingThreads(threads, queueLimit);
    }

    /// <summary>Jobs that wait for a thread.</summary>
    public int QueueLength => _threads.QueueLength;

    /// <summary>All key set-up rounds done so far (2^cost a hash): the work that an attacker could time.</summary>
    public long RoundsDone => Interlocked.Read(ref _rounds);

    public async Task<string> HashAsync(string password, CancellationToken ct)
    {
        var (id, key) = _peppers.Current;
        var phrase = Phrase(password, key);
        var hash = await _threads.RunAsync(bcrypt => Hash(bcrypt, phrase, Bcrypt.NewSetting(_cost), _cost), ct);
        return $"{Scheme}${id}{hash ?? throw new InvalidOperationException("The system's bcrypt refused its own setting.")}";
    }

    /// <summary>Null for an unknown account costs the same work as a wrong password, and is one.</summary>
    public async Task<PasswordVerdict> VerifyAsync(string password, string? stored, CancellationToken ct)
    {
        var parsed = Parse(stored);
        var phrase = Phrase(password, parsed?.Pepper ?? _peppers.Current.Key);
        return await _threads.RunAsync(bcrypt => Verify(bcrypt, phrase, parsed), ct);
    }

    public void Dispose()
    {
        _threads.Dispose();
        _meter.Dispose();
    }

    private PasswordVerdict Verify(Bcrypt bcrypt, byte[] phrase, Stored? stored)
    {
        if (stored is null)
        {
            Hash(bcrypt, phrase, _nobody, _cost);
            return PasswordVerdict.Wrong;
        }
        var hash = Hash(bcrypt, phrase, stored.Bcrypt, stored.Cost);
        if (hash is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(stored.Bcrypt)))
            return stored.PepperId == _peppers.Current.Id && stored.Cost == _cost ? PasswordVerdict.Right : PasswordVerdict.RightButOld;
        // An account of an older, lower cost would answer sooner than no account: 2^c + (2^c + ... + 2^(cost-1)) = 2^cost.
        for (var cost = stored.Cost; cost < _cost; cost++)
            Hash(bcrypt, phrase, Bcrypt.NewSetting(cost), cost);
        return PasswordVerdict.Wrong;
    }

    private string? Hash(Bcrypt bcrypt, byte[] phrase, string setting, int cost)
    {
        var started = Stopwatch.GetTimestamp();
        var hash = bcrypt.Hash(phrase, setting);
        _seconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        Interlocked.Add(ref _rounds, 1L << cost);
        return hash;
    }

    /// <summary>64 characters whatever the password's length, so bcrypt's limit of 72 bytes never cuts one.</summary>
    private static byte[] Phrase(string password, byte[] pepper)
    {
        if (password.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A password cannot contain U+0000.", nameof(password));
        var bytes = Encoding.UTF8.GetBytes(Normalized.Of(password, NormalizationForm.FormC)); // refuses lone surrogates itself
        Span<byte> mac = stackalloc byte[HMACSHA384.HashSizeInBytes];
        HMACSHA384.HashData(pepper, bytes, mac);
        CryptographicOperations.ZeroMemory(bytes);
        var phrase = new byte[64];
        System.Buffers.Text.Base64.EncodeToUtf8(mac, phrase, out _, out _);
        return phrase;
    }

    private Stored? Parse(string? text)
    {
        // hs1 $ id $ 2b $ 12 $ 53 characters
        if (text?.Split('$') is not [Scheme, var id, "2b", { Length: 2 } cost, { Length: 53 } tail] || _peppers.Find(id) is not { } pepper
            || !int.TryParse(cost, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) || rounds is < 4 or > 31)
            return null;
        return new Stored(id, pepper, rounds, $"$2b${cost}${tail}");
    }

    private sealed record Stored(string PepperId, byte[] Pepper, int Cost, string Bcrypt);
}
