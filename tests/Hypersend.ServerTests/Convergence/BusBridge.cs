using System.Collections.Concurrent;
using Hypersend.Server.Realtime;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Convergence;

/// <summary>
/// Stands for the bus between two nodes, which have one each of their own so far. Of eight commits one is lost, one comes twice
/// and one late, as they may. What has no rev is carried, for nothing else tells of it before the next hello: marks, settings,
/// typing, names.
/// </summary>
internal sealed class BusBridge
{
    private readonly ConcurrentDictionary<BusMessage, bool> _carried = new(ReferenceEqualityComparer.Instance);
    private readonly Dice _dice;
    private (BusMessage Message, IBus To)? _late;

    private BusBridge(Dice dice) => _dice = dice;

    /// <summary>Carries from now on, both ways, as long as the nodes live.</summary>
    public static void Join(App one, App other, Dice dice)
    {
        var bridge = new BusBridge(dice);
        var (here, there) = (one.Services.GetRequiredService<IBus>(), other.Services.GetRequiredService<IBus>());
        here.Subscribe(message => bridge.Carry(message, there));
        there.Subscribe(message => bridge.Carry(message, here));
    }

    private void Carry(BusMessage message, IBus to)
    {
        // What came over the bridge does not go back.
        if (_carried.TryRemove(message, out _))
            return;
        if (message is not ChatCommit)
        {
            Hand(message, to);
            return;
        }

        lock (_dice)
        {
            switch (_dice.Below(8))
            {
                case 0:
                    break;
                case 1:
                    Hand(message, to);
                    Hand(((ChatCommit)message) with { }, to);
                    break;
                case 2:
                    HandLate();
                    _late = (message, to);
                    break;
                default:
                    Hand(message, to);
                    HandLate();
                    break;
            }
        }
    }

    private void HandLate()
    {
        if (_late is { } late)
            Hand(late.Message, late.To);
        _late = null;
    }

    private void Hand(BusMessage message, IBus to)
    {
        var carried = message with { IsFromElsewhere = true };
        _carried[carried] = true;
        to.Publish(carried);
    }
}
