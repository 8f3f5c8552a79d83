# SPDX-License-Identifier: Apache-2.0
"""BitNet b1.58 with the straight-through estimator, and its full-precision twin.

A layer: x += o(sub_norm(attention(norm(x)))); x += down(sub_norm(relu(gate)^2 * up)) of norm(x).
Every linear layer but the tied embedding is ternary with int8 inputs.
"""
import dataclasses
import math

import torch
from torch import nn
from torch.nn import functional as F


@dataclasses.dataclass
class Config:
    vocab_size: int = 1024
    context: int = 256
    dim: int = 256
    layers: int = 4
    heads: int = 8
    kv_heads: int = 2
    ffn_dim: int = 768
    norm_eps: float = 1e-5
    rope_theta: float = 10000.0
    ternary: bool = True  # False: the same network without quantisers

    @property
    def head_dim(self):
        return self.dim // self.heads


def ternary(weight):
    """(trits, scale) of a weight matrix: scale = mean|W|, trits = clamp(round(W / scale))."""
    scale = weight.abs().mean().clamp(min=1e-5)
    return (weight / scale).round().clamp(-1, 1), scale


class TernaryWeight(torch.autograd.Function):
    """Forward: trits * scale. Backward: identity (straight through)."""

    @staticmethod
    def forward(ctx, weight):
        trits, scale = ternary(weight)
        return trits.mul_(scale)

    @staticmethod
    def backward(ctx, grad):
        return grad


class Int8Activation(torch.autograd.Function):
    """Forward: int8 grid by each token's absmax (round half even). Backward: identity."""

    @staticmethod
    def forward(ctx, x):
        scale = 127.0 / x.abs().amax(dim=-1, keepdim=True).clamp_(min=1e-5)
        return (x * scale).round_().clamp_(-128, 127).div_(scale)

    @staticmethod
    def backward(ctx, grad):
        return grad


class RMSNormFunction(torch.autograd.Function):
    """y = x / rms(x) * weight with the backward pass written out (fewer passes over memory)."""

    @staticmethod
    def forward(ctx, x, weight, eps):
        inv_rms = torch.rsqrt(x.square().mean(dim=-1, keepdim=True).add_(eps))
        unit = x * inv_rms
        ctx.save_for_backward(unit, inv_rms, weight)
        return unit * weight

    @staticmethod
    def backward(ctx, grad):
        unit, inv_rms, weight = ctx.saved_tensors
        product = grad * unit
        grad_weight = product.flatten(0, -2).sum(dim=0)
        along = (product @ weight).div_(unit.shape[-1]).unsqueeze(-1)
        return (grad * weight).sub_(unit * along).mul_(inv_rms), grad_weight, None


class RMSNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x):
        return RMSNormFunction.apply(x, self.weight, self.eps)


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        kv_dim = c.kv_heads * c.head_dim

        def matrix(rows, cols, std):
            return nn.Parameter(torch.empty(rows, cols).normal_(0.0, std))

        std, residual_std = 0.02, 0.02 / math.sqrt(2 * c.layers)
        self.attn_norm = RMSNorm(c.dim, c.norm_eps)
        self.attn_q = matrix(c.dim, c.dim, std)
        self.attn_k = matrix(kv_dim, c.dim, std)
        self.attn_v = matrix(kv_dim, c.dim, std)
        self.attn_sub_norm = RMSNorm(c.dim, c.norm_eps)
        self.attn_output = matrix(c.dim, c.dim, residual_std)
        self.ffn_norm = RMSNorm(c.dim, c.norm_eps)
        self.ffn_gate = matrix(c.ffn_dim, c.dim, std)
        self.ffn_up = matrix(c.ffn_dim, c.dim, std)
        self.ffn_sub_norm = RMSNorm(c.ffn_dim, c.norm_eps)
        self.ffn_down = matrix(c.dim, c.ffn_dim, residual_std)

    def _weight(self, w):
        return TernaryWeight.apply(w) if self.c.ternary else w

    def _input(self, x):
        return Int8Activation.apply(x) if self.c.ternary else x

    def _attention(self, x, cos, sin, mask):
        c, (batch, length, _) = self.c, x.shape
        group = c.heads // c.kv_heads
        x = self._input(x)
        q = F.linear(x, self._weight(self.attn_q)).view(batch, length, c.heads, c.head_dim)
        k = F.linear(x, self._weight(self.attn_k)).view(batch, length, c.kv_heads, c.head_dim)
        v = F.linear(x, self._weight(self.attn_v)).view(batch, length, c.kv_heads, c.head_dim)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        # Query head h reads kv head h / group: fold the group into the rows of the queries.
        q = q.transpose(1, 2).reshape(batch, c.kv_heads, group * length, c.head_dim)
        k, v = k.permute(0, 2, 3, 1), v.transpose(1, 2)
        scores = (q @ k).mul_(1.0 / math.sqrt(c.head_dim))
        scores = scores.view(batch, c.kv_heads, group, length, length) + mask
        out = F.softmax(scores, dim=-1).view(batch, c.kv_heads, group * length, length) @ v
        return out.view(batch, c.heads, length, c.head_dim).transpose(1, 2).reshape(
            batch, length, c.dim)

    def forward(self, x, cos, sin, mask):
        a = self.attn_sub_norm(self._attention(self.attn_norm(x), cos, sin, mask))
        x = x + F.linear(self._input(a), self._weight(self.attn_output))
        h = self._input(self.ffn_norm(x))
        gate = F.relu(F.linear(h, self._weight(self.ffn_gate)))
        h = gate * gate * F.linear(h, self._weight(self.ffn_up))
        h = self._input(self.ffn_sub_norm(h))
        return x + F.linear(h, self._weight(self.ffn_down))


def rotate(x, cos, sin):
    """NEOX rotary embedding of x [batch, position, head, head_dim]: pairs (i, i + head_dim/2)."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.token_embd = nn.Parameter(torch.empty(c.vocab_size, c.dim).normal_(0.0, 0.02))
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.layers))
        self.output_norm = RMSNorm(c.dim, c.norm_eps)
        half = c.head_dim // 2
        frequency = c.rope_theta ** (-torch.arange(half, dtype=torch.float64) / half)
        angle = torch.arange(c.context, dtype=torch.float64)[:, None] * frequency
        self.register_buffer("cos", angle.cos().float()[:, None], persistent=False)
        self.register_buffer("sin", angle.sin().float()[:, None], persistent=False)
        mask = torch.full((c.context, c.context), -torch.inf).triu(1)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, ids):
        """Logits [batch, position, vocab] of token ids [batch, position <= context]."""
        n = ids.shape[1]
        x = F.embedding(ids, self.token_embd)
        for layer in self.layers:
            x = layer(x, self.cos[:n], self.sin[:n], self.mask[:n, :n])
        return F.linear(self.output_norm(x), self.token_embd)
