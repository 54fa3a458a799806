namespace Hypersend.Cli.Start;

/// <summary>
/// Ends the command with a sentence that says what to do, and an exit code. A command has one caller and one way to fail,
/// which is why an expected failure travels as an exception here.
/// </summary>
internal sealed class StopException(int code, string sentence) : Exception(sentence)
{
    public int Code => code;
}
