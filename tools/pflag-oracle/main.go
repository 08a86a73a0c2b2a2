// Command pflag-oracle tells how helm's own parser, the real cobra and pflag, reads command lines.
//
// The first line of its input describes one helm's commands and flags (scripts/flags.ts --json); each further line is
// a JSON array of the words after `helm`. For each it prints what was understood, or the error.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

type flagSpec struct{ Name, Short, Kind string }

type commandSpec struct {
	Path     string
	Aliases  []string
	Runnable bool
	Flags    []flagSpec
}

type helmSpec struct {
	Globals  []flagSpec
	Commands []commandSpec
}

type reading struct {
	Error       string      `json:"error,omitempty"`
	Command     string      `json:"command,omitempty"`
	Flags       [][2]string `json:"flags,omitempty"`
	Early       [][2]string `json:"early,omitempty"`
	Positionals []string    `json:"positionals,omitempty"`
	Dash        int         `json:"dash"`
}

// recorder passes values on to pflag's own type for the flag, and notes in which order they came.
type recorder struct {
	pflag.Value
	name string
	log  *[][2]string
}

func (r *recorder) Set(value string) error {
	if err := r.Value.Set(value); err != nil {
		return err
	}
	*r.log = append(*r.log, [2]string{r.name, value})
	return nil
}

func addFlags(set *pflag.FlagSet, specs []flagSpec, log *[][2]string) error {
	for _, spec := range specs {
		own := pflag.NewFlagSet("", pflag.ContinueOnError)
		switch spec.Kind {
		case "":
			own.Bool(spec.Name, false, "")
		case "=", "?":
			own.String(spec.Name, "", "")
		case "#":
			own.Int(spec.Name, 0, "")
		case ".":
			own.Float32(spec.Name, 0, "")
		case "~":
			own.Duration(spec.Name, 0, "")
		case ",":
			own.StringSlice(spec.Name, nil, "")
		case ":":
			own.StringToString(spec.Name, nil, "")
		default:
			return fmt.Errorf("flag %s has the unknown kind %q", spec.Name, spec.Kind)
		}
		flag := own.Lookup(spec.Name)
		flag.Value = &recorder{flag.Value, spec.Name, log}
		flag.Shorthand = spec.Short
		if spec.Kind == "?" {
			flag.NoOptDefVal = "true"
		}
		set.AddFlag(flag)
	}
	return nil
}

// read builds helm's tree afresh, since parsed flags keep their values, and has cobra execute the line.
func read(spec helmSpec, argv []string) (result reading) {
	var log [][2]string
	var helped bool
	root := &cobra.Command{Use: "helm", SilenceErrors: true, SilenceUsage: true}
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	root.SetHelpFunc(func(*cobra.Command, []string) { helped = true })
	if err := addFlags(root.PersistentFlags(), spec.Globals, &log); err != nil {
		return reading{Error: err.Error()}
	}
	// As in helm's newRootCmd: the global flags are read once before the subcommands are there.
	root.PersistentFlags().ParseErrorsWhitelist.UnknownFlags = true
	root.PersistentFlags().Parse(argv)
	result.Early, log = log, nil

	words := map[string]bool{}
	for _, word := range argv {
		words[word] = true
	}
	commands := map[string]*cobra.Command{"": root}
	for _, c := range spec.Commands {
		parent, name := "", c.Path
		if at := strings.LastIndex(c.Path, " "); at >= 0 {
			parent, name = c.Path[:at], c.Path[at+1:]
		}
		command := &cobra.Command{Use: name, Aliases: c.Aliases}
		if c.Runnable {
			command.RunE = func(cmd *cobra.Command, args []string) error {
				result.Command = c.Path
				result.Positionals = args
				result.Dash = cmd.ArgsLenAtDash()
				return nil
			}
		}
		reachable := words[name]
		for _, alias := range c.Aliases {
			reachable = reachable || words[alias]
		}
		// Most of the time would go into flags of commands that the line does not name.
		if reachable {
			if err := addFlags(command.Flags(), c.Flags, &log); err != nil {
				return reading{Error: err.Error()}
			}
		}
		commands[parent].AddCommand(command)
		commands[c.Path] = command
	}
	// helm has its own, which keeps cobra from adding one.
	root.AddCommand(&cobra.Command{Use: "completion", RunE: func(*cobra.Command, []string) error {
		return errors.New("completion")
	}})

	root.SetArgs(argv)
	if err := root.Execute(); err != nil {
		return reading{Error: err.Error()}
	}
	if helped {
		return reading{Error: "help"}
	}
	if result.Command == "" {
		return reading{Error: "no command of helm's own ran"}
	}
	result.Flags = log
	return result
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder := json.NewDecoder(in)
	encoder := json.NewEncoder(out)
	var spec helmSpec
	if err := decoder.Decode(&spec); err != nil {
		fmt.Fprintln(os.Stderr, "pflag-oracle: the description of helm:", err)
		os.Exit(1)
	}
	for {
		var argv []string
		if err := decoder.Decode(&argv); err == io.EOF {
			return
		} else if err != nil {
			out.Flush()
			fmt.Fprintln(os.Stderr, "pflag-oracle: a command line:", err)
			os.Exit(1)
		}
		if err := encoder.Encode(read(spec, argv)); err != nil {
			os.Exit(1)
		}
	}
}
