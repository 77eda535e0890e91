"""Data-parallel SGD on the digits: lecture 8's script for several processes.

    torchrun --standalone --nproc-per-node=2 distributed_sgd.py --out parameters.npz

Every process takes its own share of each minibatch, and the gradients are averaged during
backward(), so that all take the same step. Each process holds the whole network
(DistributedDataParallel) or, with --sharded, its share of every parameter (fully_shard).
"""

import argparse
import os

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor
from torch.nn.parallel import DistributedDataParallel

from mlpkit.datasets import load_digits
from mlpkit.network import MLP


def to_torch(network):
    """Return a torch module that computes the scores U of an `MLP`, at the same parameters."""
    layers = []
    for W, b in zip(network.W, network.b, strict=True):
        linear = nn.Linear(W.shape[1], W.shape[0], dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W))
            linear.bias.copy_(torch.from_numpy(b))
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def distribute(model, sharded):
    """Return the model as one of several processes trains it."""
    if not sharded:
        return DistributedDataParallel(model)
    return fully_shard(model, mesh=init_device_mesh("cpu", (dist.get_world_size(),)))


def train(model, X, y, steps, batch_size, learning_rate, seed):
    """Take SGD steps, each on this process's equal share of a minibatch drawn by all alike."""
    rank, world = dist.get_rank(), dist.get_world_size()
    order = np.random.default_rng(seed).permutation(steps * batch_size)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for rows in order.reshape(steps, batch_size):
        mine = rows[rank::world]
        loss = nn.functional.cross_entropy(model(X[mine]), y[mine])
        optimizer.zero_grad()
        loss.backward()  # the gradients are averaged over all processes here
        optimizer.step()


def run(options):
    """Train on this process's shares; return two arrays with a row for each process.

    They are θ as it ends, (processes, P), and the parameters that it holds, (processes, 1).
    """
    if options.batch_size % dist.get_world_size():
        raise SystemExit("--batch-size must be a multiple of the number of processes")
    digits = load_digits()
    X, y = torch.from_numpy(digits.X_train), torch.from_numpy(digits.y_train)
    if options.steps * options.batch_size > len(X):
        raise SystemExit(f"--steps times --batch-size must be at most {len(X)}")
    model = to_torch(MLP(64, options.hidden, 10, seed=options.seed))
    model = distribute(model, options.sharded)
    train(model, X, y, options.steps, options.batch_size, options.learning_rate, options.seed)
    parameters = [parameter.detach() for parameter in model.parameters()]
    held = sum(local(parameter).numel() for parameter in parameters)
    theta = torch.cat([whole(parameter).ravel() for parameter in parameters])
    return from_all(theta), from_all(torch.tensor([held]))


def local(parameter):
    """Return the part of a parameter that this process holds."""
    return parameter.to_local() if isinstance(parameter, DTensor) else parameter


def whole(parameter):
    """Return all of a parameter, gathered from the processes where they hold parts."""
    return parameter.full_tensor() if isinstance(parameter, DTensor) else parameter


def from_all(tensor):
    """Return what each process has, one row a process."""
    rows = [torch.empty_like(tensor) for _ in range(dist.get_world_size())]
    dist.all_gather(rows, tensor)
    return torch.stack(rows).numpy()


def main():
    """Join the other processes, train, and let the first process save the parameters."""
    options = parse()
    torch.set_num_threads(1)  # the processes share one machine's cores
    dist.init_process_group("gloo")  # torchrun has set address, rank and world size
    everyone, held = run(options)
    if dist.get_rank() == 0:
        np.savez(options.out, theta=everyone[0], everyone=everyone, held=held.ravel())
    dist.barrier()  # nobody leaves while another still talks
    dist.destroy_process_group()


def parse():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, help="where the parameters go, an .npz file")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=64, help="rows of all processes together")
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--hidden", type=int, default=32, help="d_H")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sharded", action="store_true", help="each holds a share of parameters")
    return parser.parse_args()


if __name__ == "__main__":
    main()
    # Leave without tearing Python down: gloo's threads outlive the group, and now and then one
    # that frees a tensor meanwhile aborts the process (pytorch/pytorch, pull request 179291).
    os._exit(0)
