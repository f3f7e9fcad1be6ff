using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>An answer to be kept for calls that carry the same idempotency key.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Sealed">The answer, encrypted.</param>
public sealed record KeptAnswer(Guid KeyId, byte[] Sealed);

/// <summary>What a model delivered in a call, and to which key.</summary>
/// <param name="ApiKeyId">The API key that the call was made with, where it is known.</param>
/// <param name="Delivery">What was delivered.</param>
public sealed record CallUsage(Guid? ApiKeyId, Delivery Delivery);

/// <summary>What becomes of a hold when its call is over.</summary>
public abstract record Settlement
{
    private Settlement(Guid holdId)
    {
        HoldId = holdId;
    }

    /// <summary>The hold.</summary>
    public Guid HoldId { get; }

    /// <summary>The call succeeded: the hold is paid.</summary>
    public sealed record Capture : Settlement
    {
        /// <summary>Pays the hold.</summary>
        /// <param name="holdId">The hold.</param>
        /// <param name="delivered">
        /// What was delivered by meter, in its smallest unit: each account pays that, at most what it holds, and the platform
        /// bears the rest. <see langword="null"/> pays all that is held.
        /// </param>
        public Capture(Guid holdId, IReadOnlyDictionary<Meter, long>? delivered = null)
            : base(holdId)
        {
            Delivered = delivered;
        }

        /// <summary>What was delivered by meter; <see langword="null"/> pays all that is held.</summary>
        public IReadOnlyDictionary<Meter, long>? Delivered { get; }

        /// <summary>The price by which the money was computed, where the hold pays the one of several models that answers.</summary>
        public Guid? ModelPriceId { get; init; }

        /// <summary>Who used what; <see langword="null"/> where no model answered.</summary>
        public CallUsage? Usage { get; init; }

        /// <summary>The answer, where it is kept in the transaction of the charge.</summary>
        public KeptAnswer? Answer { get; init; }
    }

    /// <summary>The call succeeded and leaves the hold for a later one to capture.</summary>
    public sealed record Leave : Settlement
    {
        /// <summary>Leaves the hold as it is.</summary>
        /// <param name="holdId">The hold.</param>
        public Leave(Guid holdId)
            : base(holdId)
        {
        }

        /// <summary>The answer, where it is kept with the record of the call.</summary>
        public KeptAnswer? Answer { get; init; }
    }

    /// <summary>The call was refused, failed or was cancelled before any answer: nothing is paid.</summary>
    public sealed record Release : Settlement
    {
        /// <summary>Gives the hold back.</summary>
        /// <param name="holdId">The hold.</param>
        /// <param name="reason">Why, for the administrator who reads it; at most 200 characters.</param>
        public Release(Guid holdId, string reason)
            : base(holdId)
        {
            Reason = reason;
        }

        /// <summary>Why the hold is given back.</summary>
        public string Reason { get; }
    }
}
